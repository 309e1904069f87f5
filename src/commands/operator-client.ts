import type { Config } from '../config/index.ts';
import { OperationError } from '../platform/errors/operation-error.ts';

/** Asks one instance as its operator. */
export interface OperatorClient {
  /** Sends under /api/v1. Throws OperationError where the instance does not do it. */
  send<Body>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string): Promise<Body>;
}

const timeoutMs = 10_000;

/** Where the instance of this configuration listens for its operator, on this machine. */
export function instanceUrl({ http, operations }: Pick<Config, 'http' | 'operations'>): string {
  const port = operations.port ?? http.port;
  if (port === 0) {
    throw new OperationError(
      'The port of the instance is a free one that it chose itself: name it with --url',
    );
  }
  return `${http.tls === undefined ? 'http' : 'https'}://localhost:${port}`;
}

/** @param url `http://10.0.0.7:9090`: the operators' port where the instance has one */
export function operatorClient(url: string, token: string): OperatorClient {
  return {
    async send<Body>(method: string, path: string): Promise<Body> {
      const reply = await fetch(`${url.replace(/\/$/, '')}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: Error) => {
        const { cause } = error;
        throw new OperationError(
          `${url} does not answer: ${cause instanceof Error ? cause.message || cause.name : error.message}`,
        );
      });
      if (!reply.ok) {
        throw new OperationError(`${url}: ${refusals[reply.status] ?? `it answered ${reply.status}`}`);
      }
      return (await reply.json()) as Body;
    },
  };
}

const refusals: Readonly<Record<number, string>> = {
  401: 'it has another METADATA_OPERATOR_TOKEN than this command',
  404: 'there is no operator API: it has no METADATA_OPERATOR_TOKEN, or has it on its METADATA_OPS_PORT',
  503: 'it starts still, or its database is away; try again in a moment',
};
