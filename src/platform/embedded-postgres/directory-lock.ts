import { rmSync } from 'node:fs';
import { access, constants, open, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureFolder } from './data-directory.ts';
import { codeOf, EmbeddedPostgresError, explainFailure } from './embedded-postgres-error.ts';

/** A folder held for this process. Disposing of it lets go, and so does the end of the process, however it comes. */
export interface DirectoryLock extends AsyncDisposable {
  /** The folder's absolute path without symbolic links. */
  readonly directory: string;
}

const sqliteBusy = 5;
const graceMs = 500;

/**
 * Holds a folder for this process; makes it, mode 0700, where it is missing.
 *
 * The lock is one of the kernel's, on `<name>.lock`, taken through SQLite because Node.js has no call for it. It
 * ends with its process: nothing goes stale, no process number is ever judged, of two starters one wins, and it
 * holds between containers that share a volume. `<name>.pid` only tells people who holds it.
 *
 * The kernel lets go as soon as this process closes any other handle of `<name>.lock`: never read that file.
 * @param name tells locks of one folder apart
 * Throws EmbeddedPostgresError when a living process holds it, or the folder cannot be used
 */
export async function lockDirectory(directory: string, name = 'service'): Promise<DirectoryLock> {
  const folder = resolve(directory);
  try {
    await ensureFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return await lock(await realpath(folder), name);
  } catch (error) {
    throw explainFailure(error, folder, `locking ${folder}`);
  }
}

async function lock(directory: string, name: string): Promise<DirectoryLock> {
  const pidFile = join(directory, `${name}.pid`);
  const lockFile = join(directory, `${name}.lock`);
  await createPrivately(lockFile);
  const handle = await openPatiently(lockFile);
  if (handle === null) {
    throw await refusal(pidFile, directory);
  }
  const release = () => {
    process.removeListener('exit', release);
    if (!handle.isOpen) {
      return;
    }
    try {
      rmSync(pidFile, { force: true });
    } finally {
      handle.close();
    }
  };
  // @NOTE The listener also keeps the handle reachable: collected as garbage, it would let go of the lock.
  process.on('exit', release);
  try {
    await writeFile(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    release();
    throw error;
  }
  return { directory, [Symbol.asyncDispose]: async () => release() };
}

async function createPrivately(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw error;
    }
  }
}

async function openPatiently(path: string): Promise<DatabaseSync | null> {
  // @NOTE A holder that was killed a moment ago keeps the lock until the kernel has cleared it away.
  const end = performance.now() + graceMs;
  for (;;) {
    const handle = openLocked(path);
    if (handle !== null || performance.now() > end) {
      return handle;
    }
    await delay(25);
  }
}

function openLocked(path: string): DatabaseSync | null {
  const handle = new DatabaseSync(path, { timeout: 0 });
  try {
    // @NOTE The default would put a journal file beside the lock.
    handle.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return handle;
  } catch (error) {
    handle.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) {
      return null;
    }
    throw error;
  }
}

async function refusal(pidFile: string, directory: string): Promise<EmbeddedPostgresError> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  const holder = pid > 0 ? `pid ${pid}` : 'pid unknown';
  return new EmbeddedPostgresError(
    `another process (${holder}) already works on ${directory}: stop it first, or choose another folder`,
  );
}
