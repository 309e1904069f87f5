import type pg from 'pg';
import type { Connections } from './connections.ts';
import { spoilsConnection } from './database-errors.ts';
import { isOutdated, withFreshPlans } from './outdated-plans.ts';
import { type Batch, sendBatch } from './send-batch.ts';
import type { StatementResult } from './statement-batch.ts';
import { gather } from './wire.ts';

/** At most so many connections are shared, by so many batches each; whatever comes beyond that gets a connection of its own. */
const connectionsMax = 4;
const batchesMax = 64;

/** A batch that has not been answered for so long holds up those behind it: no others are sent after it. */
const patienceMs = 50;

export interface SharedConnectionsOptions {
  readonly connections: Connections;
  /** For how long one is shared before it goes back to the pool, which looks after certificates and lifetimes; 1,000 by default. */
  readonly sharedMs?: number;
  /** Something is tried again that the request does not notice: why. */
  readonly onRetry?: ((why: string) => void) | undefined;
}

/**
 * Sends batches on few connections, each behind the other without waiting for its answer, so that they share system calls of ours
 * and of the server. For statements that are quick: each waits for those before it.
 */
export class SharedConnections {
  readonly #options: SharedConnectionsOptions;
  readonly #shared = new Set<SharedConnection>();

  constructor(options: SharedConnectionsOptions) {
    this.#options = options;
  }

  /** Rejects with the driver's error, and as `Connections.lend` does. */
  async send(batch: Batch): Promise<readonly StatementResult[]> {
    const { connections, onRetry } = this.#options;
    const shared = this.#leastBusy();
    try {
      if (shared !== undefined) {
        return await shared.send(batch);
      }
    } catch (error) {
      if (!isOutdated(error)) {
        throw error;
      }
      onRetry?.('a statement was prepared before a migration: it is sent again on another connection');
    }
    return await connections.lend((client) =>
      withFreshPlans(client, () => sendBatch(client, batch), onRetry),
    );
  }

  #leastBusy(): SharedConnection | undefined {
    let best: SharedConnection | undefined;
    for (const each of this.#shared) {
      if (each.admits() && (best === undefined || each.inFlight < best.inFlight)) {
        best = each;
      }
    }
    if ((best === undefined || best.inFlight > 0) && this.#shared.size < connectionsMax) {
      const opened = new SharedConnection(this.#options);
      this.#shared.add(opened);
      opened.closed.then(() => this.#shared.delete(opened));
      return opened;
    }
    return best !== undefined && best.inFlight < batchesMax ? best : undefined;
  }
}

/** A connection while it is shared. */
class SharedConnection {
  /** Settles when it has gone back to the pool. */
  readonly closed: Promise<void>;
  readonly #opening: Promise<pg.PoolClient>;
  readonly #answered = Promise.withResolvers<void>();
  readonly #openedAt = performance.now();
  readonly #sharedMs: number;
  /** When each unanswered batch was sent, the oldest first. */
  readonly #sentAt = new Set<{ readonly at: number }>();
  #client: pg.PoolClient | undefined;
  #isClosing = false;

  constructor({ connections, sharedMs = 1_000 }: SharedConnectionsOptions) {
    this.#sharedMs = sharedMs;
    const opening = Promise.withResolvers<pg.PoolClient>();
    this.#opening = opening.promise;
    // @NOTE nobody waits for it where no connection can be had.
    this.#answered.promise.catch(() => undefined);
    this.closed = connections
      .lend(async (client) => {
        this.#client = client;
        opening.resolve(client);
        await this.#answered.promise;
      })
      .catch((error: unknown) => {
        this.#isClosing = true;
        opening.reject(error);
      });
  }

  get inFlight(): number {
    return this.#sentAt.size;
  }

  /** Whether another batch may be sent on it. */
  admits(): boolean {
    const now = performance.now();
    const [oldest] = this.#sentAt;
    return (
      !this.#isClosing &&
      now - this.#openedAt < this.#sharedMs &&
      (oldest === undefined || now - oldest.at < patienceMs)
    );
  }

  async send(batch: Batch): Promise<readonly StatementResult[]> {
    const sent = { at: performance.now() };
    this.#sentAt.add(sent);
    let spoilt: unknown;
    try {
      const client = this.#client ?? (await this.#opening);
      gather(client);
      return await sendBatch(client, batch);
    } catch (error) {
      if (spoilsConnection(error)) {
        this.#isClosing = true;
        spoilt = error;
      }
      throw error;
    } finally {
      this.#sentAt.delete(sent);
      if (spoilt !== undefined) {
        this.#answered.reject(spoilt);
      } else if (this.#sentAt.size === 0) {
        this.#isClosing = true;
        this.#answered.resolve();
      }
    }
  }
}
