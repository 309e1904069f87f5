import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Config } from '../../config/index.ts';

/** What an instance answered. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Asking {
  readonly timeoutMs?: number;
  /** The operator's token, where details are asked for. */
  readonly token?: string | undefined;
}

/** The most that is read: `/metrics` of a service that has run for a year. */
const bytesMax = 20_000_000;

/**
 * Asks an instance. Rejects where no whole answer comes in time. @NOTE its certificate is not verified: it is asked at
 * 127.0.0.1, which no certificate has to name; nothing secret goes to any other address.
 */
export async function ask(url: string, { timeoutMs = 3_000, token }: Asking = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = token !== undefined && isLocal(url) ? { authorization: `Bearer ${token}` } : {};
  const options = { headers, agent: false as const, signal: AbortSignal.timeout(timeoutMs) };
  const outgoing = url.startsWith('https:')
    ? requestHttps(url, { ...options, rejectUnauthorized: !isLocal(url) })
    : requestHttp(url, options);
  outgoing.once('error', reject);
  outgoing.once('response', (reply) => {
    let body = '';
    reply.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
      if (body.length > bytesMax) {
        outgoing.destroy(new Error('the answer is too long'));
      }
    });
    reply.once('error', reject);
    reply.once('end', () => resolve({ status: reply.statusCode ?? 0, body }));
  });
  outgoing.end();
  return await promise;
}

const isLocal = (url: string): boolean => /^https?:\/\/(127\.|localhost[:/]|\[::1\])/.test(url);

/** Where the instance of this configuration is reached from its own machine; undefined where its port is not fixed. */
export function serviceUrls({ http, operations }: Config): { base: string; details: string } | undefined {
  if (http.port === 0 || operations.port === 0) {
    return undefined;
  }
  const host = ['0.0.0.0', '::', ''].includes(http.host) ? '127.0.0.1' : http.host;
  const address = host.includes(':') ? `[${host}]` : host;
  const origin = `${http.tls === undefined ? 'http' : 'https'}://${address}`;
  return { base: `${origin}:${http.port}`, details: `${origin}:${operations.port ?? http.port}` };
}

/**
 * Where an instance takes orders and shows its metrics: with METADATA_OPS_PORT at that port alone. @NOTE the one of this
 * configuration: instances of one service share theirs.
 */
export function operatorBase(url: string, { operations: { port } }: Config): string {
  return port === undefined ? url : Object.assign(new URL(url), { port: String(port) }).origin;
}

/** An answer as JSON; undefined where it is none. */
export function jsonOf({ body }: Answer): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
