import { Client } from 'pg';

/**
 * Opens the one session of a run; disposing of it ends it and thereby releases its locks. It calls itself
 * `brownie-migrate` unless the DSN has an application_name.
 * Throws the error of `pg` when there is no connection within 10 s
 */
export async function openMigrationSession(dsn: string): Promise<{ client: Client } & AsyncDisposable> {
  const client = new Client({
    connectionString: dsn,
    fallback_application_name: 'brownie-migrate',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // @NOTE A lost connection rejects the query under way as well; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
