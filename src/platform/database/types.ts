import pg from 'pg';

const { builtins } = pg.types;

/**
 * A timestamp as PostgreSQL prints it in UTC (`2025-10-24 04:00:00.1+00`) in the form of the API
 * (`2025-10-24T04:00:00.100Z`, RFC 3339): in milliseconds, as columns keep them, or in what the column keeps beyond.
 */
export function toIsoTimestamp(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (match === null) {
    throw new Error(`a timestamp came back as "${text}": the session must run in UTC with DateStyle ISO`);
  }
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0')}Z`;
}

/** Parsers by which rows come out of the driver in the shapes of the API. */
export const typeParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    if (oid === builtins.TIMESTAMPTZ) {
      return toIsoTimestamp;
    }
    // @NOTE int8 columns carry a CHECK that keeps them within what a double holds exactly.
    if (oid === builtins.INT8) {
      return Number;
    }
    return pg.types.getTypeParser(oid, format);
  },
};
