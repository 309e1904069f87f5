import pg from 'pg';
import type { DatabaseTls } from './database-tls.ts';
import { prepareScope } from './prepared-statements.ts';
import { applicationName } from './scope.ts';
import { typeParsers } from './types.ts';

export interface PoolOptions {
  readonly dsn: string;
  /** Where the certificates that the DSN names may change meanwhile, or it names several servers: of the same DSN. */
  readonly tls?: DatabaseTls;
  /** Connections kept while idle, and the most there may be. */
  readonly sizeMin: number;
  readonly sizeMax: number;
  readonly acquireTimeoutMs: number;
  readonly recycleSeconds: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly idleInTransactionTimeoutMs: number;
  readonly queryTimeoutMs: number;
  /** Taken on by every connection: for a login that owns the tables or bypasses row-level security. */
  readonly role?: string;
  /** What each new connection is put to, before it is used; it is closed where that rejects. */
  readonly onConnect?: (client: pg.ClientBase) => Promise<void>;
  /** Told of idle connections that the server closed. */
  readonly onIdleError: (error: Error) => void;
}

/** The pool of connections of the service. Rows come out in the API's shapes; sessions run in UTC. */
export function createPool(options: PoolOptions): pg.Pool {
  const role = options.role === undefined ? '' : ` -c role=${options.role}`;
  const { tls, onConnect } = options;
  const pool = new pg.Pool({
    connectionString: tls?.dsn ?? options.dsn,
    ...(tls === undefined ? {} : { Client: tls.Client }),
    application_name: applicationName,
    min: options.sizeMin,
    max: options.sizeMax,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    maxLifetimeSeconds: options.recycleSeconds,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
    query_timeout: options.queryTimeoutMs,
    keepAlive: true,
    // @NOTE a connection that several look-ups share is written to before it has answered; see `shared-connections.ts`.
    pipeline: true,
    options: `-c timezone=UTC -c datestyle=ISO${role}`,
    types: typeParsers as pg.CustomTypesConfig,
    onConnect:
      onConnect === undefined ? prepareScope : (client: pg.ClientBase) => connected(client, onConnect),
  });
  pool.on('error', options.onIdleError);
  // @NOTE pg-pool listens on idle connections only: one that the server ends while it is lent, between two statements,
  // would end this process. The next statement on it fails, which is all that needs to happen.
  pool.on('connect', (client) => client.on('error', () => undefined));
  if (tls !== undefined) {
    // @NOTE the pool keeps no client that has ended: what was lent when certificates or the server changed goes once it is given back.
    pool.on('release', (_error, client) => {
      if (tls.isOutdated(client)) {
        client.end().catch(() => undefined);
      }
    });
    tls.onOutdated(() => renewIdle(pool));
  }
  return pool;
}

async function connected(client: pg.ClientBase, then: NonNullable<PoolOptions['onConnect']>): Promise<void> {
  await prepareScope(client);
  await then(client);
}

/** Gives idle connections back at once, so that those which are outdated end; the rest goes on. Never rejects. */
async function renewIdle(pool: pg.Pool): Promise<void> {
  const idle = await Promise.allSettled(Array.from({ length: pool.idleCount }, () => pool.connect()));
  for (const lent of idle) {
    if (lent.status === 'fulfilled') {
      lent.value.release();
    }
  }
}
