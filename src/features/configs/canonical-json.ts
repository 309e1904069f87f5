import { createHash } from 'node:crypto';

/**
 * A JSON value in its one spelling (RFC 8785): names sorted by UTF-16 code units, no spaces, numbers and strings as ECMAScript writes them. The same on
 * every instance, platform and release of Node. Only for what JSON can say: what came through `parseStrictJson` or out of the database.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  const fields = value as Readonly<Record<string, unknown>>;
  // @NOTE without a comparison `sort` goes by code units, as the standard asks; by locale it would not be the same everywhere.
  const members = Object.keys(fields)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`);
  return `{${members.join(',')}}`;
}

/** The SHA-256 of a JSON value in its one spelling, in lower-case hexadecimal digits. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');
