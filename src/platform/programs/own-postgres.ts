import { randomBytes } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { OperationError } from '../errors/operation-error.ts';
import { programPath } from './find-program.ts';
import { launch } from './launch.ts';
import { runToEnd } from './run-to-end.ts';
import type { SystemUser } from './system-user.ts';

export interface ServerOptions {
  /** The cluster; it exists. */
  readonly dataDirectory: string;
  /** Holds the socket and the log; not the cluster. */
  readonly directory: string;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Over postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly user?: SystemUser | undefined;
}

/** A server of the machine's PostgreSQL, a child of this process. */
export interface OwnPostgres extends AsyncDisposable {
  /** Resolves once it takes connections and writes; rejects with the end of its log where it does not within the limit. */
  ready(timeoutMs: number): Promise<void>;
  /** A fast shutdown. */
  stop(): Promise<void>;
}

const stopTimeoutMs = 20_000;

/** Starts a server on a cluster that exists; resolves as soon as the process is there. */
export async function startOwnPostgres(options: ServerOptions): Promise<OwnPostgres> {
  const { dataDirectory, directory, port, settings = {}, user } = options;
  const given = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    logging_collector: 'off',
    ...settings,
  };
  const child = await launch(
    await programPath('postgres'),
    ['-D', dataDirectory, ...Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { user, logFile: join(directory, 'postgres.log') },
  );
  const stop = async (): Promise<void> => {
    await child.end('SIGINT', { signal: 'SIGQUIT', afterMs: stopTimeoutMs });
  };
  return {
    async ready(timeoutMs) {
      const state = await child.untilReady(() => takesWrites(directory, port), timeoutMs);
      if (state !== 'ready') {
        throw new OperationError(
          `PostgreSQL on ${dataDirectory} ${state === 'ended' ? 'ended' : 'is not ready'}:\n${await child.logTail()}`,
        );
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Asked over the socket, which takes no password: only who may enter the folder reaches it. */
async function takesWrites(directory: string, port: number): Promise<boolean> {
  const client = new pg.Client({
    host: directory,
    port,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 1_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ isRecovering: boolean }>(
      'select pg_is_in_recovery() as "isRecovering"',
    );
    return rows[0]?.isRecovering === false;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A folder that belongs to the user whom PostgreSQL runs as, mode 0700. */
export async function ownFolder(path: string, user: SystemUser | undefined): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (user !== undefined) {
    await chown(path, user.uid, user.gid);
  }
  return path;
}

/** Makes a new cluster with checksums; answers the password of `postgres` over TCP. The socket takes none. */
export async function createCluster(dataDirectory: string, user: SystemUser | undefined): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  const passwordFile = `${dataDirectory}.password`;
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  if (user !== undefined) {
    await chown(passwordFile, user.uid, user.gid);
  }
  const args = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
  ];
  const { code, stderr } = await runToEnd(
    'initdb',
    [...args, '--data-checksums', '--encoding=UTF8', '--locale=C.UTF-8', '-D', dataDirectory],
    { user },
  );
  await rm(passwordFile);
  if (code !== 0) {
    throw new OperationError(`initdb ended with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  }
  return password;
}
