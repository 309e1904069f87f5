import { randomUUID } from 'node:crypto';
import pg from 'pg';

const attemptsMax = 5;
/** 08P01: a message that breaks the protocol; PgBouncer says it of parameters that it does not know. */
const protocolViolation = '08P01';
/** 42P05: there is a prepared statement of this name. */
const duplicateStatement = '42P05';

const remedy =
  'use PgBouncer 1.21 or newer with the settings of deploy/pgbouncer/pgbouncer.ini (Debian 12 has 1.18), or let METADATA_POSTGRES_DSN name PostgreSQL itself';

/**
 * Why the service cannot work through the pooler that a DSN leads to: null where it can, or where there is none. Throws pg's error where
 * the database cannot be reached.
 *
 * @NOTE a pooler does not say what it is. It is known by what it does: two clients that are connected at the same time are served by
 * one backend, and one of them meets a named statement of the other.
 */
export async function inspectPooler(dsn: string): Promise<string | null> {
  await using clients = new AsyncDisposableStack();
  const open = async (): Promise<pg.Client> => {
    // What the pool of the service asks for as it connects, and a pooler may not know.
    const asked = { options: '-c timezone=UTC', statement_timeout: 5_000, lock_timeout: 5_000 };
    const client = new pg.Client({
      connectionString: dsn,
      connectionTimeoutMillis: 5_000,
      idle_in_transaction_session_timeout: 5_000,
      ...asked,
    });
    clients.defer(() => client.end());
    await client.connect();
    return client;
  };
  try {
    return await inspect(await Promise.all([open(), open()]));
  } catch (error) {
    const [, parameter] = /unsupported startup parameter: (\w+)/.exec((error as Error).message) ?? [];
    if (codeOf(error) === protocolViolation && parameter !== undefined) {
      return `the pooler that METADATA_POSTGRES_DSN leads to refuses the startup parameter ${parameter}: ${remedy}`;
    }
    throw error;
  }
}

async function inspect([one, other]: readonly [pg.Client, pg.Client]): Promise<string | null> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const name = `pooler-${randomUUID()}`;
    const asked = await backendOf(one, name, 1);
    try {
      if ((await backendOf(other, name, 2)) === asked) {
        return null;
      }
    } catch (error) {
      if (codeOf(error) === duplicateStatement) {
        return `METADATA_POSTGRES_DSN leads to a pooler that mixes up the named prepared statements of its clients, as PgBouncer before 1.21 does in transaction mode: ${remedy}`;
      }
      throw error;
    }
  }
  return null;
}

/** The backend that runs a named statement; another number makes it another statement of the same name. */
async function backendOf(client: pg.Client, name: string, number: 1 | 2): Promise<number | undefined> {
  const text = `select pg_backend_pid() as pid, ${number}`;
  return (await client.query<{ pid: number }>({ name, text })).rows[0]?.pid;
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;
