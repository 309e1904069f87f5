import { scimDialect } from '../../src/features/scim/index.ts';
import { type ErrorCode, errorCatalogue } from '../../src/platform/errors/catalogue.ts';
import { lineMediaType } from '../../src/platform/http/line-stream.ts';
import type { TestApp } from '../harness/app.ts';
import { placeOf } from '../harness/client.ts';

/** A request as it is sent. */
export interface Attack {
  readonly method: string;
  /** Under /api/v1, or of SCIM with its prefix; with its query. */
  readonly path: string;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON as it goes over the wire. */
  readonly body?: string | undefined;
}

export interface Answer {
  readonly attack: Attack;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a reply's shape is what is found out; it is compared with OpenAPI
  readonly body: any;
  /** What holds of no reply, whatever was asked: an error of the service's own, or one that is not in the OpenAPI document. */
  readonly faults: readonly string[];
}

/** The service without a socket: what is sent, and found out about every answer. */
export class AttackClient {
  readonly #app: TestApp;
  /** How many requests were sent. */
  calls = 0;

  constructor(app: TestApp) {
    this.#app = app;
  }

  async send(attack: Attack): Promise<Answer> {
    this.calls += 1;
    const { method, path, token, body } = attack;
    const reply = await this.#app.app.http.inject({
      method: method as 'GET',
      // @NOTE each from an address of its own: what one address may do in a minute is tried elsewhere.
      remoteAddress: `10.${(this.calls >> 16) & 255}.${(this.calls >> 8) & 255}.${this.calls & 255}`,
      url: `${placeOf(path)}${path}`,
      headers: {
        ...(body === undefined ? {} : { 'content-type': mediaTypeOf(path) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...attack.headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(reply.headers)) {
      headers.set(name, String(value));
    }
    const text = reply.payload;
    const answer = { attack, status: reply.statusCode, headers, text, body: parsed(text, headers) };
    return { ...answer, faults: this.#faultsOf(answer) };
  }

  #faultsOf(answer: Omit<Answer, 'faults'>): string[] {
    const { attack, status, text } = answer;
    const own = status === 500 || status > 501 ? [`answered ${status}: ${text.slice(0, 500)}`] : [];
    try {
      this.#app.contract.check(attack.method, attack.path, answer);
      return own;
    } catch (error) {
      return [...own, error instanceof Error ? error.message : String(error)];
    }
  }
}

/** How a body is sent there. */
const mediaTypeOf = (path: string): string =>
  path.startsWith(scimDialect.prefix) ? scimDialect.mediaType : 'application/json';

function parsed(text: string, headers: Headers): unknown {
  const type = headers.get('content-type') ?? '';
  if (type === lineMediaType) {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
  return text !== '' && type.includes('json') ? JSON.parse(text) : undefined;
}

/** Whether an answer tells of an error, where one is asked for; SCIM has no codes, but our sentences. */
export const hasCode = ({ body }: Pick<Answer, 'body'>, code: ErrorCode | undefined): boolean =>
  code === undefined ||
  body?.code === code ||
  (body?.code === undefined && String(body?.detail).startsWith(errorCatalogue[code][1]));

/** The request as a line for a shell, against a service that is told it by `$URL` and `$TOKEN`. */
export function curlOf({ method, path, token, headers = {}, body }: Attack): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [
    ...(body === undefined ? [] : [`Content-Type: ${mediaTypeOf(path)}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return [
    `curl -i -X ${method} "$URL"${quoted(`${placeOf(path)}${path}`)}`,
    ...(token === undefined ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...lines.map((line) => `-H ${quoted(line)}`),
    ...(body === undefined ? [] : [`--data-binary ${quoted(body)}`]),
  ].join(' ');
}
