import { type Agent, request } from 'node:http';

export type Method = 'GET' | 'POST' | 'PUT';

/** What became of a request. Times are those of `performance.now()`. */
export interface RequestResult {
  readonly method: Method;
  readonly url: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Undefined where no whole reply came: `error` says why. */
  readonly status: number | undefined;
  readonly error: string | undefined;
  /** Of the reply, where it has one. */
  readonly retryAfter: string | undefined;
  /** Of the database, where the reply says it. */
  readonly position?: string | undefined;
  readonly body: string;
}

export interface Sending {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Keeps connections; without one each request has a connection of its own. */
  readonly agent: Agent | false;
}

const timeoutMs = 20_000;

/** Sends a request and follows it to its end. Never rejects. */
export function send({ method, url, headers, body, agent }: Sending): Promise<RequestResult> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const settle = (
      outcome: Pick<RequestResult, 'status' | 'error' | 'retryAfter' | 'position' | 'body'>,
    ): void => resolve({ method, url, startedAt, endedAt: performance.now(), ...outcome });
    const fail = (error: NodeJS.ErrnoException): void =>
      settle({ status: undefined, error: error.code ?? error.message, retryAfter: undefined, body: '' });
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(url, { method, headers: { ...headers, ...length }, agent });
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error('no reply in time')));
    outgoing.once('error', fail);
    outgoing.once('response', (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
      });
      reply.once('error', fail);
      reply.once('end', () =>
        settle({
          status: reply.statusCode,
          error: undefined,
          retryAfter: reply.headers['retry-after'],
          position: reply.headers['brownie-position']?.toString(),
          body: text,
        }),
      );
    });
    outgoing.end(body);
  });
}
