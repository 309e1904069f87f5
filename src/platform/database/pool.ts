import pg from 'pg';
import { applicationName } from './scope.ts';
import { prepareScope } from './scoped-query.ts';
import { typeParsers } from './types.ts';

export interface PoolOptions {
  readonly dsn: string;
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
  /** Told of idle connections that the server closed. */
  readonly onIdleError: (error: Error) => void;
}

/** The pool of connections of the service. Rows come out in the API's shapes; sessions run in UTC. */
export function createPool(options: PoolOptions): pg.Pool {
  const role = options.role === undefined ? '' : ` -c role=${options.role}`;
  const pool = new pg.Pool({
    connectionString: options.dsn,
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
    options: `-c timezone=UTC -c datestyle=ISO${role}`,
    types: typeParsers as pg.CustomTypesConfig,
    onConnect: prepareScope,
  });
  pool.on('error', options.onIdleError);
  return pool;
}
