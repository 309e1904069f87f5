import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

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

/** Sends them; a route that is not declared to is a fault of ours. */
export function sendLines(
  route: { readonly operationId: string; readonly streamsLines?: boolean | undefined },
  { lines }: LineStream,
  reply: FastifyReply,
): FastifyReply {
  if (!route.streamsLines) {
    throw new Error(`${route.operationId} is not declared to stream`);
  }
  return reply.type(lineMediaType).send(Readable.from(lines));
}
