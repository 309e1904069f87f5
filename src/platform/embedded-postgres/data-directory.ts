import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncPath } from '../system/write-file-durably.ts';
import { codeOf, EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Launcher } from './launcher.ts';
import { runProgram } from './run-program.ts';

/** What it takes to make a data folder. */
interface NewDataDirectory {
  readonly launcher: Launcher;
  readonly initdb: string;
  readonly superuserPassword: string;
  readonly durable: boolean;
}

/**
 * Makes sure that a data folder of this major version is there; the caller holds the lock on its parent.
 * A new one is made beside its place and moved there whole, so an interrupted attempt leaves only rubbish that
 * the next one sweeps away.
 * @returns whether it is a new one
 */
export async function ensureDataDirectory(
  dataDirectory: string,
  options: NewDataDirectory,
): Promise<boolean> {
  await sweep(dataDirectory);
  if (await isInUse(dataDirectory, options.launcher.majorVersion)) {
    return false;
  }
  const workshop = await mkdtemp(`${dataDirectory}.init-`);
  try {
    await initialize(workshop, options);
    await rename(join(workshop, 'data'), dataDirectory);
    if (options.durable) {
      await syncPath(dirname(dataDirectory));
    }
    return true;
  } finally {
    await rm(workshop, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function sweep(dataDirectory: string): Promise<void> {
  const parent = dirname(dataDirectory);
  const prefix = `${basename(dataDirectory)}.init-`;
  const rubbish = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  for (const name of rubbish) {
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

async function isInUse(dataDirectory: string, majorVersion: number): Promise<boolean> {
  const found = await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8').catch(noneIfMissing);
  if (found === null) {
    const content = await readdir(dataDirectory).catch(noneIfMissing);
    if (content === null) {
      return false;
    }
    if (content.length > 0) {
      const words = `${dataDirectory} holds something else than PostgreSQL data: move it away, or choose another folder`;
      throw new EmbeddedPostgresError(words);
    }
    await rmdir(dataDirectory);
    return false;
  }
  if (Number(found) === majorVersion) {
    return true;
  }
  const words = `${dataDirectory} holds data of PostgreSQL ${found.trim()} and this is ${majorVersion}: dump it with the old version and restore it here (pg_dump, pg_restore), or choose another folder`;
  throw new EmbeddedPostgresError(words);
}

async function initialize(workshop: string, options: NewDataDirectory): Promise<void> {
  const passwordFile = join(workshop, 'password');
  await writeFile(passwordFile, options.superuserPassword, { mode: 0o600 });
  const args = [
    `--pgdata=${join(workshop, 'data')}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // @NOTE Code point order, and letters beyond ASCII still have cases; no library update ever changes an index.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    ...(options.durable ? [] : ['--no-sync']),
  ];
  const { succeeded, output } = await runProgram(options.launcher.command(options.initdb, args));
  if (succeeded) {
    return;
  }
  // @NOTE The rest is progress, and names paths in a folder that is about to vanish.
  const complaints = output.split('\n').filter((line) => /\b(error|ERROR|FATAL|PANIC): /.test(line));
  throw new Error(complaints.length > 0 ? complaints.join('\n') : output);
}

function noneIfMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') {
    return null;
  }
  throw error;
}

/** Makes the folder that holds everything, mode 0700, where it is missing; one that exists keeps its mode. */
export async function ensureFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}
