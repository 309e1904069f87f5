import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database of a test's own on the server of the run. */
export interface OwnDatabase extends AsyncDisposable {
  /** For a command: the logins of service and owner, and a secret, so that nothing is kept on the disk. */
  readonly variables: Readonly<Record<string, string>>;
  /** As its superuser, whom row-level security does not bind. */
  readonly superuser: pg.Pool;
}

/** Makes a database, empty unless told otherwise; disposing of it drops it. */
export async function ownDatabase({ isMigrated = false } = {}): Promise<OwnDatabase> {
  const logins = inject('databases');
  const name = `own_${randomUUID().slice(0, 8)}`;
  const within = (dsn: string): string => Object.assign(new URL(dsn), { pathname: `/${name}` }).href;
  const server = new pg.Pool({ connectionString: logins.superuser, max: 1 });
  await server.query(
    `create database ${name} owner brownie_owner template ${isMigrated ? logins.template : 'template1'}`,
  );
  const superuser = new pg.Pool({ connectionString: within(logins.superuser), max: 1 });
  superuser.on('error', () => undefined);
  return {
    variables: {
      METADATA_POSTGRES_DSN: within(logins.service),
      METADATA_POSTGRES_MIGRATION_DSN: within(logins.owner),
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
      METADATA_HOST: '127.0.0.1',
    },
    superuser,
    async [Symbol.asyncDispose]() {
      await superuser.end();
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}
