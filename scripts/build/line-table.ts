import { decode } from '@jridgewell/sourcemap-codec';

/** What is needed of a source map: `mappings` in its encoding. */
export interface Mappings {
  readonly mappings: string;
  readonly sources: readonly string[];
}

/**
 * Which line of which source each line of built code comes from, for `src/platform/process/source-lines.ts` to read when an error is
 * printed: its first line is a list of the sources, in JSON; each further one tells of a line of the code, where `column:source:line`
 * is written for each column at which another line of the source begins. A tenth of the source map, and nothing to decode.
 */
export function lineTable({ mappings, sources }: Mappings): string {
  const lines = decode(mappings).map((segments) => {
    let previous = '';
    const changes: string[] = [];
    for (const [column, source, line] of segments) {
      const place = source === undefined || line === undefined ? '' : `${source}:${line + 1}`;
      if (place !== previous) {
        changes.push(`${column}:${place}`);
        previous = place;
      }
    }
    return changes.join(' ');
  });
  return [JSON.stringify(sources), ...lines].join('\n');
}
