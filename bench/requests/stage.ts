import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.ts';

/** A PostgreSQL for a benchmark, and a folder for what it writes. */
export interface Stage extends AsyncDisposable {
  readonly directory: string;
  /** Of the process that all others of the server descend from. */
  readonly postgresPid: number;
  /** Makes an empty database that belongs to `brownie_owner`. */
  createDatabase(name: string): Promise<Dsns>;
}

/** One database, as who may do what. */
export interface Dsns {
  readonly superuser: string;
  readonly owner: string;
  readonly service: string;
}

const settings = {
  // For the connections of several services and their floors at once.
  max_connections: '400',
  // What a machine of this size is given: a quarter of 2 GB.
  shared_buffers: '512MB',
  // @NOTE what PostgreSQL does for itself in between would be charged to whoever is measured at that moment.
  autovacuum: 'off',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
};

/** Starts PostgreSQL in a folder that is gone in the end. @param more settings of it */
export async function openStage(more: Readonly<Record<string, string>> = {}): Promise<Stage> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'brownie-bench-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const postgres = resources.use(
    await startEmbeddedPostgres({ directory, settings: { ...settings, ...more } }),
  );
  await loginCheaply(postgres.superuserDsn, [postgres.superuserDsn, postgres.serviceDsn]);
  const [pid] = (await readFile(join(directory, 'postgres/postmaster.pid'), 'utf8')).split('\n');
  const kept = resources.move();
  return {
    directory,
    postgresPid: Number(pid),
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: postgres.superuserDsn });
      await client.connect();
      await client.query(`create database ${name} owner brownie_owner`);
      await client.end();
      const within = (dsn: string): string => Object.assign(new URL(dsn), { pathname: `/${name}` }).href;
      return {
        superuser: within(postgres.superuserDsn),
        owner: within(postgres.ownerDsn),
        service: within(postgres.serviceDsn),
      };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** @NOTE pgbench opens its connections within its time: 50 passwords at SCRAM's usual 4,096 rounds are half a second of both cores. */
async function loginCheaply(superuserDsn: string, dsns: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: superuserDsn });
  await client.connect();
  await client.query('set scram_iterations = 1');
  for (const { username, password } of dsns.map((dsn) => new URL(dsn))) {
    const secret = pg.escapeLiteral(decodeURIComponent(password));
    await client.query(`alter role ${pg.escapeIdentifier(username)} password ${secret}`);
  }
  await client.end();
}
