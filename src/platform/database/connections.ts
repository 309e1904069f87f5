import type pg from 'pg';
import { ApiError } from '../errors/api-error.ts';
import { isPassing, spoilsConnection } from './database-errors.ts';
import { failureOf } from './database-failures.ts';
import { Reconnection } from './reconnection.ts';

/** Told what connections cost. */
export interface ConnectionObserver {
  /** One was lent after a wait of so many seconds. */
  readonly connectionAcquired: (seconds: number) => void;
  /** None could be lent. */
  readonly connectionRefused: () => void;
  /** Something is tried again that the request does not notice: why. */
  readonly retried?: (why: string) => void;
}

export interface ConnectionsOptions {
  readonly pool: pg.Pool;
  /** Whether a connection that has been idle for a while is tried before it is lent. */
  readonly prePing: boolean;
  /** What "a while" is; 5,000 by default. */
  readonly idleBeforePingMs?: number;
  readonly observer?: ConnectionObserver;
}

const pingTimeoutMs = 1_000;

/** Lends the connections of a pool, sound ones only, and keeps those out that a fault has spoilt. */
export class Connections {
  readonly #pool: pg.Pool;
  readonly #prePing: boolean;
  readonly #idleBeforePingMs: number;
  readonly #observer: ConnectionObserver | undefined;
  readonly #reconnection = new Reconnection();
  /** The same of writes: a server that answers may take none. */
  readonly #writing = new Reconnection();
  readonly #returnedAt = new WeakMap<pg.PoolClient, number>();

  constructor({ pool, prePing, idleBeforePingMs = 5_000, observer }: ConnectionsOptions) {
    this.#pool = pool;
    this.#prePing = prePing;
    this.#idleBeforePingMs = idleBeforePingMs;
    this.#observer = observer;
  }

  /** Says that the database takes connections and writes, which somebody else has found out. */
  reachable(): void {
    this.#reconnection.succeeded();
    this.#writing.succeeded();
  }

  /** Says that the database takes connections, and no writes. */
  readOnly(why: Error): void {
    this.#reconnection.succeeded();
    this.#writing.failed(why);
  }

  /** Whether, as far as is known, the database takes writes. */
  get isWritable(): boolean {
    return this.#reconnection.isWell && this.#writing.isWell;
  }

  /** Throws `service.unavailable` where it is known that a write would fail now. */
  requireWritable(): void {
    this.#reconnection.requireHope();
    this.#writing.requireHope();
  }

  /** As `lend`, for what writes: refused at once where the database takes no writes, too. */
  async lendForWriting<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    this.#writing.admit();
    try {
      const result = await this.lend(work);
      this.#writing.succeeded();
      return result;
    } catch (error) {
      if (failureOf(error)?.kind === 'read_only') {
        this.#writing.failed(error);
      }
      throw error;
    }
  }

  /**
   * Runs `work` on a connection. Throws the driver's error where none answers, `service.unavailable` where none may be opened
   * (a refused password or certificate), and whatever `work` throws.
   */
  async lend<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#timed();
    let spoilt: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      spoilt = spoilsConnection(error) && error instanceof Error ? error : undefined;
      throw error;
    } finally {
      this.#returnedAt.set(client, performance.now());
      client.release(spoilt);
    }
  }

  async #timed(): Promise<pg.PoolClient> {
    const startedAt = performance.now();
    try {
      const client = await this.#acquire();
      this.#observer?.connectionAcquired((performance.now() - startedAt) / 1000);
      return client;
    } catch (error) {
      this.#observer?.connectionRefused();
      throw error;
    }
  }

  async #acquire(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#connect();
      const returnedAt = this.#returnedAt.get(client);
      const isFresh = returnedAt === undefined || performance.now() - returnedAt < this.#idleBeforePingMs;
      if (!this.#prePing || isFresh || (await answers(client))) {
        return client;
      }
      this.#observer?.retried?.('a connection that was idle does not answer: another one is taken');
      // @NOTE the pool opens a new one in its place, or says why it cannot: this ends.
      client.release(new Error('the connection did not answer'));
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    if (this.#pool.idleCount === 0) {
      this.#reconnection.admit();
    }
    try {
      const client = await this.#pool.connect();
      if (!this.#returnedAt.has(client)) {
        this.#reconnection.succeeded();
      }
      return client;
    } catch (error) {
      this.#reconnection.failed(error);
      // @NOTE whatever keeps connections from being opened, it is no fault of the request, and no bug that it met.
      throw isPassing(error)
        ? error
        : new ApiError('service.unavailable', { retryAfterSeconds: 1, cause: error });
    }
  }
}

async function answers(client: pg.PoolClient): Promise<boolean> {
  const ping = { text: 'select 1', query_timeout: pingTimeoutMs };
  return await client.query(ping).then(
    () => true,
    () => false,
  );
}
