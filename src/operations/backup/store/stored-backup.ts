import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../../platform/errors/operation-error.ts';
import { isBackupName } from './backup-files.ts';
import { checksumFaults } from './checksums.ts';
import { type Manifest, manifestFile, readManifest } from './manifest.ts';

/** A backup in the folder of backups. */
export interface StoredBackup {
  readonly name: string;
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
  /** Undefined where it cannot be read: `faults` says so. */
  readonly manifest: Manifest | undefined;
  /** In words, why it is no good; empty where it is. */
  readonly faults: readonly string[];
}

/** Every backup of a folder, the newest first, each read from end to end and compared with its checksums. */
export async function storedBackups(directory: string): Promise<StoredBackup[]> {
  const names = (await readdir(directory).catch(() => [])).filter(isBackupName).toSorted().toReversed();
  const backups: StoredBackup[] = [];
  for (const name of names) {
    backups.push(await inspect(directory, name));
  }
  return backups;
}

/** One of them; `latest` is the newest good one. Throws OperationError where there is none of that name. */
export async function storedBackup(directory: string, name: string): Promise<StoredBackup> {
  if (name === 'latest') {
    const newest = (await storedBackups(directory)).find(({ faults }) => faults.length === 0);
    if (newest === undefined) {
      throw new OperationError(
        `There is no good backup in ${directory}: \`brownie backup list\` shows what is there`,
      );
    }
    return newest;
  }
  if (!isBackupName(name) || !(await stat(join(directory, name)).catch(() => undefined))?.isDirectory()) {
    throw new OperationError(
      `There is no backup "${name}" in ${directory}: \`brownie backup list\` shows what is there`,
    );
  }
  return await inspect(directory, name);
}

async function inspect(directory: string, name: string): Promise<StoredBackup> {
  const path = join(directory, name);
  const faults = await checksumFaults(path);
  const manifest = await readManifest(join(path, manifestFile)).catch((error: Error) => {
    faults.push(error.message);
    return undefined;
  });
  if (manifest !== undefined && manifest.name !== name) {
    faults.push(`it was made as ${manifest.name}`);
  }
  return { name, path, bytes: await sizeOf(path), manifest, faults };
}

async function sizeOf(path: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(path).catch(() => [])).map(async (file) => (await stat(join(path, file))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
