/** A JSON value a line (NDJSON). */
export const lineMediaType = 'application/x-ndjson';

/** An answer of a route that declares `streamsLines`: sent as it comes, however long it is. Where it fails, the connection ends before the answer does. */
export class LineStream {
  /** Each a line or several, with their line breaks. */
  readonly lines: AsyncIterable<string>;

  constructor(lines: AsyncIterable<string>) {
    this.lines = lines;
  }
}
