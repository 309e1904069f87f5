import { lineMediaType } from '../../src/platform/http/line-stream.ts';
import type { Contract } from './contract.ts';

/** A reply, read whole. `body` is any JSON: tests say what they expect of it. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a reply's shape is what each test asserts; OpenAPI is checked for all of them
  readonly body: any;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a path of a test stands: under /api/v1, or, of SCIM, where it says itself. */
export const placeOf = (path: string): string => (path.startsWith('/scim/') ? '' : '/api/v1');

/** A client of the API over real HTTP. Every reply is compared with the OpenAPI document. */
export class Client {
  readonly #url: string;
  readonly #contract: Contract;
  readonly token: string | undefined;

  constructor(options: { url: string; contract: Contract; token?: string }) {
    this.#url = options.url;
    this.#contract = options.contract;
    this.token = options.token;
  }

  get = (path: string, options?: RequestOptions): Promise<Reply> =>
    this.send('GET', path, undefined, options);
  post = (path: string, body?: unknown, options?: RequestOptions): Promise<Reply> =>
    this.send('POST', path, body, options);
  put = (path: string, body?: unknown, options?: RequestOptions): Promise<Reply> =>
    this.send('PUT', path, body, options);
  delete = (path: string, options?: RequestOptions): Promise<Reply> =>
    this.send('DELETE', path, undefined, options);

  /** Sends under /api/v1, or to a path of SCIM as it is. A string or bytes go as they are, anything else as JSON. */
  async send(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.#url}${placeOf(path)}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...options.headers,
      },
      ...(body === undefined
        ? {}
        : { body: isRaw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const reply = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : isOfLines(response) ? linesOf(text) : JSON.parse(text),
    };
    this.#contract.check(method, path, reply);
    return reply;
  }
}

const isOfLines = ({ headers }: Response): boolean => headers.get('content-type') === lineMediaType;
const linesOf = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
