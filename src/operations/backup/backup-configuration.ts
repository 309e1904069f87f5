import { access, constants, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { runPipe } from '../../platform/programs/run-pipe.ts';
import { syncPath } from '../../platform/system/write-file-durably.ts';

/** The files that make an installation what it is, where they are there. */
const names = ['.env', 'docker-compose.yml', 'docker-compose.override.yml', 'compose.yaml'];

export interface ConfigurationBackupOptions {
  /** Where the copies go; beside the files by default. */
  readonly into?: string;
  /** The public key of age to encrypt for; undefined: as they are. */
  readonly recipient?: string | undefined;
  readonly now?: Date;
  /** Names the copies, and makes none. */
  readonly isDryRun?: boolean;
}

/**
 * Copies the configuration in a folder: `.env.backup.20251024`, mode 0600, the day in UTC, with `.age` where it is
 * encrypted. A copy of the same day is replaced, whole. Answers the copies; throws OperationError where there is nothing.
 */
export async function backupConfiguration(
  folder: string,
  { into = folder, recipient, now = new Date(), isDryRun = false }: ConfigurationBackupOptions = {},
): Promise<string[]> {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  const copies: string[] = [];
  for (const name of names) {
    const from = join(folder, name);
    if (await isReadable(from)) {
      const copy = join(into, `${name}.backup.${day}${recipient === undefined ? '' : '.age'}`);
      if (!isDryRun) {
        await copyDurably(from, copy, recipient);
      }
      copies.push(copy);
    }
  }
  if (copies.length === 0) {
    throw new OperationError(`There is no configuration in ${folder}: none of ${names.join(', ')}`);
  }
  if (!isDryRun) {
    await syncPath(into);
  }
  return copies;
}

async function copyDurably(from: string, to: string, recipient: string | undefined): Promise<void> {
  const draft = `${to}.tmp`;
  await rm(draft, { force: true });
  if (recipient === undefined) {
    await using source = await open(from, 'r');
    // @NOTE its mode from the first moment on: at none can others read it.
    await using copy = await open(draft, 'wx', 0o600);
    await copy.writeFile(await source.readFile());
    await copy.sync();
  } else {
    await runPipe([{ program: 'age', args: ['--encrypt', '--recipient', recipient, from] }], draft);
  }
  await rename(draft, to);
}

const isReadable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
