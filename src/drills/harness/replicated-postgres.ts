import { join } from 'node:path';
import pg from 'pg';
import type { Variables } from '../../platform/programs/child-options.ts';
import { type OwnPostgres, ownFolder, startOwnPostgres } from '../../platform/programs/own-postgres.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import { freePort } from '../../platform/system/free-port.ts';
import { until } from '../../platform/system/until.ts';
import { type DebianPostgres, startDebianPostgres } from './debian-postgres.ts';
import { killEverythingIn, signalEverythingIn } from './kill-everything.ts';

/** A server that follows the primary by streaming replication. */
export interface ReplicaServer {
  readonly port: number;
  /** Holds everything of this server and nothing else. */
  readonly directory: string;
  /** Runs a statement as its superuser; answers its first row. */
  query(text: string): Promise<Record<string, unknown> | undefined>;
  /** Sends a signal to all of its processes. */
  signal(signal: NodeJS.Signals): Promise<void>;
  /** As a failing power supply does. */
  kill(): Promise<void>;
  /** Resolves once it takes connections. */
  start(): Promise<void>;
}

/** A migrated primary and two replicas, on the machine's own PostgreSQL. */
export interface ReplicatedPostgres extends AsyncDisposable {
  readonly primary: DebianPostgres;
  readonly replicas: readonly [ReplicaServer, ReplicaServer];
  /** What makes a process of `brownie` an instance that reads from the replicas; the first may become the primary. */
  readonly variables: Variables;
}

const readyTimeoutMs = 30_000;

/** Starts them in folders below `directory`. */
export async function startReplicatedPostgres(directory: string): Promise<ReplicatedPostgres> {
  await using resources = new AsyncDisposableStack();
  const primary = resources.use(await startDebianPostgres({ directory: join(directory, 'primary') }));
  const follow = (name: string) => startReplica(join(directory, name), primary, resources);
  const replicas = [await follow('replica1'), await follow('replica2')] as const;
  const at = (...ports: readonly number[]): string =>
    primary.serviceDsn.replace(/127\.0\.0\.1:\d+/, ports.map((port) => `127.0.0.1:${port}`).join(','));
  const [first, second] = replicas;
  const kept = resources.move();
  return {
    primary,
    replicas,
    variables: {
      ...primary.variables,
      METADATA_POSTGRES_DSN: `${at(primary.port, first.port)}?target_session_attrs=read-write`,
      METADATA_POSTGRES_READ_DSN: at(first.port, second.port),
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function startReplica(
  directory: string,
  primary: DebianPostgres,
  resources: AsyncDisposableStack,
): Promise<ReplicaServer> {
  const { user } = primary;
  await ownFolder(directory, user);
  const [dataDirectory, port] = [join(directory, 'data'), await freePort()];
  const { code, stderr } = await runToEnd(
    'pg_basebackup',
    [
      ...['--host', primary.directory, '--port', String(primary.port), '--username', 'postgres'],
      ...['--pgdata', dataDirectory, '--write-recovery-conf', '--wal-method=stream', '--checkpoint=fast'],
    ],
    { user },
  );
  if (code !== 0) {
    throw new Error(`pg_basebackup ended with ${code}: ${stderr}`);
  }
  let server: OwnPostgres | undefined;
  const query = async (text: string): Promise<Record<string, unknown> | undefined> => {
    const client = new pg.Client({ host: directory, port, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows[0];
    } finally {
      await client.end();
    }
  };
  const start = async (): Promise<void> => {
    server = await startOwnPostgres({ dataDirectory, directory, port, user });
    const answers = (): Promise<boolean> =>
      query('select 1').then(
        () => true,
        () => false,
      );
    if (!(await until(answers, { timeoutMs: readyTimeoutMs, everyMs: 50 }))) {
      throw new Error(`the replica in ${directory} does not answer`);
    }
  };
  await start();
  resources.defer(async () => {
    await signalEverythingIn(directory, 'SIGCONT');
    await server?.stop();
  });
  return {
    port,
    directory,
    query,
    signal: (signal) => signalEverythingIn(directory, signal),
    kill: () => killEverythingIn(directory),
    start,
  };
}
