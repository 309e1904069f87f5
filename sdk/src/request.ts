import type { CallOptions } from './options.ts';

/** Where an operation is, and what it takes. */
export interface Operation {
  readonly method: string;
  /** With `{names}` for its parameters. */
  readonly path: string;
  /** Whether an `Idempotency-Key` makes it safe to repeat. */
  readonly takesKey?: true;
  /** Whether it answers one JSON value a line. */
  readonly answersLines?: true;
  /** Of its body, where that is not `application/json`. */
  readonly bodyType?: string;
}

export interface AnyInput extends CallOptions {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

export interface PreparedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Whether a second attempt changes nothing more than the first. */
  readonly isRepeatable: boolean;
}

/** What all attempts of one call have in common, its Idempotency-Key among it. Throws a TypeError where the path lacks a parameter. */
export function prepare(
  { method, path, takesKey, answersLines, bodyType = 'application/json' }: Operation,
  input: AnyInput,
  { baseUrl, stringify }: { baseUrl: string; stringify: (value: unknown) => string },
): PreparedRequest {
  const key = takesKey ? (input.idempotencyKey ?? crypto.randomUUID()) : undefined;
  const hasBody = input.body !== undefined;
  return {
    method,
    url: `${baseUrl}${pathOf(path, input.path)}${queryOf(input.query)}`,
    headers: {
      accept: answersLines ? 'application/x-ndjson' : 'application/json',
      ...(hasBody && { 'content-type': bodyType }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(input.ifMatch !== undefined && { 'if-match': input.ifMatch }),
      ...(input.ifNoneMatch !== undefined && { 'if-none-match': input.ifNoneMatch }),
      ...input.headers,
    },
    body: hasBody ? stringify(input.body) : undefined,
    isRepeatable: key !== undefined || (method !== 'POST' && method !== 'PATCH'),
  };
}

function pathOf(template: string, values: Readonly<Record<string, unknown>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = values[name];
    // @NOTE an empty part would be another path, and `.` and `..` are taken out of a URL before it is sent.
    if (value === undefined || value === null || ['', '.', '..'].includes(String(value))) {
      throw new TypeError(`${name}, which ${template} takes, is missing`);
    }
    return encodeURIComponent(String(value));
  });
}

function queryOf(values: Readonly<Record<string, unknown>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) {
        query.append(name, String(item));
      }
    }
  }
  return query.size === 0 ? '' : `?${query}`;
}
