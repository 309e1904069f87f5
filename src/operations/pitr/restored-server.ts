import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { runToEnd } from '../../platform/programs/run-to-end.ts';
import { systemUser } from '../../platform/programs/system-user.ts';
import { until } from '../../platform/system/until.ts';
import { accessFile, writeAccess, writeOwnFiles } from './own-files.ts';

/** @NOTE the usual reason, a minute after a mistake: the segment that the target is in was not archived yet. */
const beyondArchive =
  'The archive does not reach it yet: while the live server runs, brownie backup pitr check has the rest archived; then ' +
  'restore again, into another folder';

const logName = 'recovery.log';

/**
 * Starts a restored cluster on 127.0.0.1, to stay, and resolves once it has recovered and takes writes, from its socket alone. Throws
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
    // @NOTE its log is read here, whatever language the lost server spoke.
    lc_messages: 'C',
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

/** Lets in whom its own rules let in. Before that only who may open its socket comes in. */
export async function openRestored(into: string): Promise<void> {
  const dataDirectory = resolve(into);
  await writeAccess(dataDirectory);
  await runToEnd('pg_ctl', ['reload', '-D', dataDirectory], { user: await systemUser() });
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
