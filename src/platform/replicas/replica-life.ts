import type pg from 'pg';
import { Connections } from '../database/connections.ts';
import type { DatabaseTls } from '../database/database-tls.ts';
import { withFreshPlans } from '../database/outdated-plans.ts';
import { createPool, type PoolOptions } from '../database/pool.ts';
import { type Batch, sendBatch } from '../database/send-batch.ts';
import { SharedConnections } from '../database/shared-connections.ts';
import type { StatementResult } from '../database/statement-batch.ts';
import { destroySocket } from '../database/wire.ts';
import { ApiError } from '../errors/api-error.ts';

export interface ReplicaLifeOptions {
  /** When the server was started, as it says itself. */
  readonly server: string;
  readonly tls: DatabaseTls;
  readonly pool: Omit<PoolOptions, 'dsn' | 'tls' | 'onConnect' | 'onIdleError'>;
  readonly onRetry: ((why: string) => void) | undefined;
}

/** The connections to a replica, for as long as it is the same server and answers. */
export class ReplicaLife {
  readonly server: string;
  readonly #pool: pg.Pool;
  readonly #connections: Connections;
  readonly #shared: SharedConnections;
  readonly #onRetry: ReplicaLifeOptions['onRetry'];
  readonly #open = new Set<pg.ClientBase>();
  /** How to give up each read that is under way. */
  readonly #reading = new Set<(why: Error) => void>();

  constructor({ server, tls, pool, onRetry }: ReplicaLifeOptions) {
    this.server = server;
    this.#onRetry = onRetry;
    this.#pool = createPool({
      ...pool,
      dsn: tls.dsn,
      tls,
      // @NOTE a name may lead to several servers: what was found out of one is true of that one.
      onConnect: (client) => requireServer(client, server),
      onIdleError: () => undefined,
    });
    this.#pool.on('connect', (client) => this.#open.add(client));
    this.#pool.on('remove', (client) => this.#open.delete(client));
    this.#connections = new Connections({ pool: this.#pool, prePing: false });
    this.#shared = new SharedConnections({ connections: this.#connections, onRetry });
  }

  /** How many reads are under way. */
  get busy(): number {
    return this.#reading.size;
  }

  /** Rejects with the driver's error, as `Connections.lend` does, and with `service.unavailable` when this ends. */
  send(batch: Batch, isSlow: boolean): Promise<readonly StatementResult[]> {
    return new Promise((resolve, reject) => {
      this.#reading.add(reject);
      this.#send(batch, isSlow)
        .then(resolve, reject)
        .finally(() => this.#reading.delete(reject));
    });
  }

  #send(batch: Batch, isSlow: boolean): Promise<readonly StatementResult[]> {
    return isSlow
      ? this.#connections.lend((client) =>
          withFreshPlans(client, () => sendBatch(client, batch), this.#onRetry),
        )
      : this.#shared.send(batch);
  }

  /** Gives up what is under way, and every connection. @NOTE destroyed, not ended: a server that is frozen does not say goodbye. */
  async end(why: Error): Promise<void> {
    for (const giveUp of this.#reading) {
      giveUp(new ApiError('service.unavailable', { retryAfterSeconds: 1, cause: why }));
    }
    const ended = this.#pool.end();
    for (const client of this.#open) {
      destroySocket(client);
    }
    await ended;
  }
}

async function requireServer(client: pg.ClientBase, server: string): Promise<void> {
  const { rows } = await client.query<{ server: string }>(
    'select pg_postmaster_start_time()::text as server',
  );
  if (rows[0]?.server !== server) {
    throw new Error('another server answers at the address of a replica than the one that was looked at');
  }
}
