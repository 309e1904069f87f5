import { chown, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { until } from '../../platform/embedded-postgres/until.ts';
import { OperationError } from '../operation-error.ts';
import { runToEnd } from '../programs/run-to-end.ts';
import { type SystemUser, systemUser } from '../programs/system-user.ts';
import { socketRule } from './restored-access.ts';

/** Debian keeps these two beside /etc, not in the cluster: a restored one has none. */
const ownFiles = {
  'postgresql.conf': '# Restored. What the old server had here is in its own postgresql.conf.\n',
  'pg_hba.conf':
    'local all postgres peer\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n',
} as const;

/** @NOTE the usual reason, a minute after a mistake: the segment that the target is in was not archived yet. */
const beyondArchive =
  'The archive does not reach it yet: while the live server runs, brownie backup pitr check has the rest archived; then ' +
  'restore again, into another folder';

const logName = 'recovery.log';
/** The rules of access while it is on trial: its own are kept beside it. */
const accessFile = 'pg_hba.restored.conf';

/**
 * Starts a restored cluster on 127.0.0.1, to stay, and resolves once it has recovered and takes writes. Throws
 * OperationError with PostgreSQL's own words where it cannot: a target that the archive does not reach is one reason.
 * @NOTE its socket is in its own folder: the lock of a server that was killed may still lie where that had its.
 */
export async function startRestored(into: string, port: number, timeoutSeconds: number): Promise<void> {
  const dataDirectory = resolve(into);
  const user = await systemUser();
  await writeOwnFiles(dataDirectory, user);
  const log = join(dataDirectory, logName);
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: dataDirectory,
    unix_socket_permissions: '0700',
    logging_collector: 'off',
    // @NOTE a standby wants settings at least as large as those of its primary; one that only recovers does not care.
    hot_standby: 'off',
    hba_file: join(dataDirectory, accessFile),
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  const start = [
    'start',
    '-D',
    dataDirectory,
    '-l',
    log,
    '-w',
    '-t',
    String(timeoutSeconds),
    '-o',
    options.join(' '),
  ];
  const { code } = await runToEnd('pg_ctl', start, { user });
  const takesConnections = async (): Promise<boolean> =>
    (await runToEnd('pg_isready', ['-h', '127.0.0.1', '-p', String(port)])).code === 0;
  let hasEnded = code !== 0;
  const isReady = await until(
    async () => {
      // @NOTE not pg_ctl's own waiting alone: it takes a server that still recovers for a ready one.
      hasEnded ||= (await runToEnd('pg_ctl', ['status', '-D', dataDirectory], { user })).code !== 0;
      return hasEnded || (await takesConnections());
    },
    { timeoutMs: timeoutSeconds * 1000, everyMs: 100 },
  );
  if (hasEnded || !isReady) {
    throw new OperationError(
      hasEnded
        ? `The restored server does not start: ${await reason(log)}`
        : `The restored server has not recovered within ${timeoutSeconds} s; it goes on: see ${log}`,
    );
  }
}

async function writeOwnFiles(dataDirectory: string, user: SystemUser | undefined): Promise<void> {
  const own = async (name: string, text: string): Promise<void> => {
    const path = join(dataDirectory, name);
    await writeFile(path, text, { mode: 0o600 });
    await (user === undefined ? undefined : chown(path, user.uid, user.gid));
  };
  const inCluster = (name: string): Promise<string | undefined> =>
    readFile(join(dataDirectory, name), 'utf8').catch(() => undefined);
  for (const [name, text] of Object.entries(ownFiles)) {
    if ((await inCluster(name)) === undefined) {
      await own(name, text);
    }
  }
  await own(accessFile, `${socketRule}${await inCluster('pg_hba.conf')}`);
}

/** Stops it, fast. */
export async function stopRestored(into: string): Promise<void> {
  await runToEnd('pg_ctl', ['stop', '-D', resolve(into), '-m', 'fast', '-w'], { user: await systemUser() });
}

async function reason(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  const words =
    lines.findLast((line) => /FATAL|PANIC/.test(line))?.replace(/^.*?(FATAL|PANIC): */, '') ??
    lines.at(-1) ??
    '';
  return words.includes('before configured recovery target was reached')
    ? `${words}. ${beyondArchive}`
    : words;
}
