import { Database } from '../platform/database/database.ts';
import { createPool } from '../platform/database/pool.ts';

/** One connection, through which a command works within scopes as the service does. */
export interface Session extends AsyncDisposable {
  readonly db: Database;
}

/**
 * Opens a session; it connects at its first statement.
 * @param timeoutMs bounds each statement and each wait for a lock
 */
export function openSession(options: {
  readonly dsn: string;
  readonly role?: string | undefined;
  readonly timeoutMs: number;
}): Session {
  const { dsn, role, timeoutMs } = options;
  const pool = createPool({
    dsn,
    ...(role === undefined ? {} : { role }),
    sizeMin: 0,
    sizeMax: 1,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 0,
    statementTimeoutMs: timeoutMs,
    lockTimeoutMs: timeoutMs,
    idleInTransactionTimeoutMs: timeoutMs,
    queryTimeoutMs: timeoutMs + 5_000,
    onIdleError: () => undefined,
  });
  return {
    db: new Database({ pool }),
    [Symbol.asyncDispose]: () => pool.end(),
  };
}
