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

/** A batch that was sent so long ago, and has not been answered, holds up those behind it: no others are sent after it. */
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
  readonly #sharedMs: number;
  /** Each batch that is not answered, the oldest first, and when it was sent. */
  readonly #unanswered = new Set<{ readonly sentAt: number | undefined }>();
  #client: pg.PoolClient | undefined;
  #openedAt: number | undefined;
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
        this.#openedAt = performance.now();
        opening.resolve(client);
        await this.#answered.promise;
      })
      .catch((error: unknown) => {
        this.#isClosing = true;
        opening.reject(error);
      });
  }

  get inFlight(): number {
    return this.#unanswered.size;
  }

  /**
   * Whether another batch may be sent on it. @NOTE while it is being opened it does, for whoever could not wait would open one of their own:
   * a burst after a quiet night must not open as many as there are requests.
   */
  admits(): boolean {
    const now = performance.now();
    const [oldest] = this.#unanswered;
    return (
      !this.#isClosing &&
      now - (this.#openedAt ?? now) < this.#sharedMs &&
      now - (oldest?.sentAt ?? now) < patienceMs
    );
  }

  async send(batch: Batch): Promise<readonly StatementResult[]> {
    const unanswered: { sentAt: number | undefined } = { sentAt: undefined };
    this.#unanswered.add(unanswered);
    let spoilt: unknown;
    try {
      const client = this.#client ?? (await this.#opening);
      unanswered.sentAt = performance.now();
      gather(client);
      return await sendBatch(client, batch);
    } catch (error) {
      if (spoilsConnection(error)) {
        this.#isClosing = true;
        spoilt = error;
      }
      throw error;
    } finally {
      this.#unanswered.delete(unanswered);
      if (spoilt !== undefined) {
        this.#answered.reject(spoilt);
      } else if (this.#unanswered.size === 0) {
        this.#isClosing = true;
        this.#answered.resolve();
      }
    }
  }
}
