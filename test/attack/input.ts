import type { Operation } from './oracle.ts';

/** What a client may choose of a request to an operation. */
export interface Input {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** The body as it goes over the wire, where that is not `body` as JSON; and why it must be refused. */
  readonly raw?: { readonly text: string; readonly why: string } | undefined;
}

/** Where a request goes. */
export function addressOf(operation: Operation, { params, query }: Input): string {
  const path = operation.url.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) {
      search.append(name, String(each));
    }
  }
  return `${path}${search.size === 0 ? '' : `?${search}`}`;
}

/** The body of a request as text; undefined for none. */
export const textOf = ({ body, raw }: Input): string | undefined =>
  raw?.text ?? (body === undefined ? undefined : JSON.stringify(body));
