/** A JSON object. */
export type JsonFields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is JsonFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The pointer to a member of what `pointer` leads to (RFC 6901). */
export const pointerTo = (pointer: string, name: string): string =>
  `${pointer}/${name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name}`;
