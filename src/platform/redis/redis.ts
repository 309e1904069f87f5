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
  /** Undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, keptMs: number): Promise<void>;
}

const connectTimeoutMs = 1_000;
const commandTimeoutMs = 500;
const reconnectMaxMs = 5_000;
/**
 * @NOTE ioredis gives a command up after its time-out and keeps the connection: a frozen Redis runs all that was sent into it
 * once it goes on, and one whose packets are lost looks ready for a quarter of an hour. So a connection that brings nothing
 * for this long is closed; the time is longer than that of a command, so that a slow reply alone costs no connection.
 */
const socketTimeoutMs = 2_000;

/**
 * Connects in the background and for ever: with backoff and jitter, so that instances do not come back in step.
 * Commands are refused at once while there is no connection (no offline queue) and are never sent twice.
 */
export function connectRedis({ url, onError }: RedisOptions): RedisConnection {
  const options = {
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    socketTimeout: socketTimeoutMs,
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
    async get(key) {
      return (await client.get(key)) ?? undefined;
    },
    async set(key, value, keptMs) {
      await client.set(key, value, 'PX', Math.round(keptMs));
    },
    async [Symbol.asyncDispose]() {
      client.disconnect();
    },
  };
}
