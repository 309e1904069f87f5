import pg from 'pg';
import { chosenDsn } from '../../../platform/database/choose-server.ts';

/**
 * One connection for as long as a procedure needs it; it waits for nobody's lock longer than 30 s, and nothing ends it
 * for taking long. Disposing of it ends it.
 */
export async function openDatabaseSession(dsn: string): Promise<{ client: pg.Client } & AsyncDisposable> {
  const client = new pg.Client({
    connectionString: await chosenDsn(dsn),
    application_name: 'brownie-backup',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    statement_timeout: 0,
    lock_timeout: 30_000,
    idle_in_transaction_session_timeout: 0,
    // @NOTE else a server that counts a large table for a command that is gone would go on, and keep its lock.
    options: '-c timezone=UTC -c datestyle=ISO -c client_connection_check_interval=1s',
  });
  // @NOTE a lost connection rejects the query under way as well; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end().catch(() => undefined) };
}
