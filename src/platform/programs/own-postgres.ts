import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { OperationError } from '../errors/operation-error.ts';
import { until } from '../system/until.ts';
import { programPath } from './find-program.ts';
import { bareEnvironment, runToEnd } from './run-to-end.ts';
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
  readonly process: ChildProcess;
  /** Resolves once it takes connections and writes; rejects with the end of its log where it does not within the limit. */
  ready(timeoutMs: number): Promise<void>;
  /** A fast shutdown. */
  stop(): Promise<void>;
}

const stopTimeoutMs = 20_000;

/** Starts a server on a cluster that exists; resolves as soon as the process is there. */
export async function startOwnPostgres(options: ServerOptions): Promise<OwnPostgres> {
  const { dataDirectory, directory, port, settings = {}, user } = options;
  const logFile = join(directory, 'postgres.log');
  await using log = await open(logFile, 'a');
  const given = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    logging_collector: 'off',
    ...settings,
  };
  const child = spawn(
    await programPath('postgres'),
    ['-D', dataDirectory, ...Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: '/',
      env: bareEnvironment(user === undefined ? {} : { HOME: user.home }),
      stdio: ['ignore', log.fd, log.fd],
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    },
  );
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const done = (): void => {
      isGone = true;
      resolve();
    };
    child.once('exit', done).once('error', done);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGQUIT'), stopTimeoutMs);
    await gone;
    clearTimeout(timer);
  };
  return {
    process: child,
    async ready(timeoutMs) {
      const isReady = await until(async () => isGone || (await takesWrites(directory, port)), {
        timeoutMs,
        everyMs: 50,
      });
      if (!isReady || isGone) {
        throw new OperationError(
          `PostgreSQL on ${dataDirectory} ${isGone ? 'ended' : 'is not ready'}:\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`,
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
