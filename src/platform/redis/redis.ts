import { Redis } from 'ioredis';

export interface RedisOptions {
  /** `redis://` or, with TLS, `rediss://`. */
  readonly url: string;
  /** Told of lost and refused connections, never more than once a reconnection. */
  readonly onError: (error: Error) => void;
}

/** The Redis that instances share. Every call fails fast: nothing waits for a Redis that is gone or frozen. */
export interface RedisConnection extends AsyncDisposable {
  /** Rejects within a second where Redis does not answer. */
  ping(): Promise<void>;
}

const connectTimeoutMs = 1_000;
const commandTimeoutMs = 500;
const reconnectMaxMs = 5_000;

/**
 * Connects in the background and for ever: with backoff and jitter, so that instances do not come back in step.
 * Commands are refused at once while there is no connection (no offline queue) and are never sent twice.
 */
export function connectRedis({ url, onError }: RedisOptions): RedisConnection {
  const options = {
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt: number) =>
      Math.min(reconnectMaxMs, 100 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2),
  };
  const client = new Redis(url, options);
  client.on('error', onError);
  return {
    async ping() {
      await client.ping();
    },
    async [Symbol.asyncDispose]() {
      client.disconnect();
    },
  };
}
