import { randomBytes } from 'node:crypto';
import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { Variables } from '../../platform/programs/child-options.ts';
import {
  createCluster,
  type OwnPostgres,
  ownFolder,
  startOwnPostgres,
} from '../../platform/programs/own-postgres.ts';
import { runBrownie } from '../../platform/programs/run-brownie.ts';
import { type SystemUser, systemUser } from '../../platform/programs/system-user.ts';
import { freePort } from '../../platform/system/free-port.ts';

/** A migrated database on the machine's own PostgreSQL, whose client programs fit it. */
export interface DebianPostgres extends AsyncDisposable {
  readonly server: OwnPostgres;
  readonly port: number;
  readonly user: SystemUser | undefined;
  /** Holds everything of this server and nothing else: cluster, socket, log. */
  readonly directory: string;
  readonly dataDirectory: string;
  /** Role `postgres`, database `brownie`. */
  readonly superuserDsn: string;
  readonly serviceDsn: string;
  /** What makes a process of `brownie` an instance on it. */
  readonly variables: Variables;
}

export interface DebianPostgresOptions {
  /** Made where it is missing; handed to the user that PostgreSQL runs as. */
  readonly directory: string;
  readonly settings?: Readonly<Record<string, string>>;
}

const readyTimeoutMs = 30_000;

/** Starts a new cluster, crash-safe, with the roles of docs/deployment.md and every migration. */
export async function startDebianPostgres({
  directory,
  settings = {},
}: DebianPostgresOptions): Promise<DebianPostgres> {
  const user = await systemUser();
  await ownFolder(directory, user);
  const dataDirectory = join(directory, 'data');
  const password = await createCluster(dataDirectory, user);
  const port = await freePort();
  await using resources = new AsyncDisposableStack();
  const server = resources.use(await startOwnPostgres({ dataDirectory, directory, port, settings, user }));
  await server.ready(readyTimeoutMs);
  const logins = { owner: randomBytes(9).toString('hex'), service: randomBytes(9).toString('hex') };
  await makeRolesAndDatabase({ host: directory, port, user: 'postgres' }, logins);

  const dsn = (role: string, secret: string): string =>
    `postgresql://${role}:${secret}@127.0.0.1:${port}/brownie`;
  const serviceDsn = dsn('brownie_service', logins.service);
  const variables = {
    METADATA_POSTGRES_DSN: serviceDsn,
    METADATA_POSTGRES_MIGRATION_DSN: dsn('brownie_owner', logins.owner),
    METADATA_JWT_SECRET: randomBytes(32).toString('base64'),
  };
  await runBrownie(['migrate'], { variables, directory: '/' });
  const kept = resources.move();
  return {
    server,
    port,
    user,
    directory,
    dataDirectory,
    superuserDsn: dsn('postgres', password),
    serviceDsn,
    variables,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Makes the roles of docs/deployment.md, and an empty database of the one that owns. */
export async function makeRolesAndDatabase(
  connection: { host: string; port: number; user: string; password?: string },
  passwords: { owner: string; service: string },
): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  await client.connect();
  try {
    for (const statement of [
      'create role brownie_app nologin',
      `create role brownie_owner login password '${passwords.owner}'`,
      'grant brownie_app to brownie_owner with admin option',
      `create role brownie_service login password '${passwords.service}' in role brownie_app`,
      'create database brownie owner brownie_owner',
      'revoke all on database brownie from public',
      'grant connect on database brownie to brownie_app',
    ]) {
      await client.query(statement);
    }
  } finally {
    await client.end();
  }
}

/** Lets the user that PostgreSQL runs as pass through a folder of ours, and no one else. */
export async function letThrough(directory: string): Promise<void> {
  const user = await systemUser();
  if (user !== undefined) {
    await chown(directory, user.uid, user.gid);
    await chmod(directory, 0o700);
  }
}
