import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../../platform/errors/operation-error.ts';
import { syncPath } from '../../../platform/system/write-file-durably.ts';
import {
  backupName,
  draftName,
  isDraftName,
  type Manifest,
  manifestFile,
  sealFolder,
} from '../store/index.ts';

/** A backup that has its name, and what it says of itself. */
export interface MadeBackup {
  readonly path: string;
  readonly manifest: Manifest;
}

/**
 * Makes a backup of what `fill` puts into a folder: it has its name only once it is whole and on the disk. Nothing is kept where that fails;
 * OperationError where the disk is full. The caller holds the lock on backups.
 * @param directory of the backups; made, mode 0750, where it is missing
 */
export async function inDraft(
  directory: string,
  fill: (draft: string, name: string) => Promise<Manifest>,
): Promise<MadeBackup> {
  await mkdir(directory, { recursive: true, mode: 0o750 });
  await removeDrafts(directory);
  const name = await freeName(directory);
  const draft = join(directory, draftName(name));
  await mkdir(draft, { mode: 0o700 });
  try {
    const manifest = await fill(draft, name);
    await writeFile(join(draft, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
    await sealFolder(draft);
    const path = join(directory, name);
    await rename(draft, path);
    await syncPath(directory);
    return { path, manifest };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw (error as { code?: unknown }).code === 'ENOSPC'
      ? new OperationError(`${directory}: the disk is full; make room, nothing was kept of this backup`)
      : error;
  }
}

/** What a backup left behind that was killed; with the lock in our hands nobody is at work on it. */
async function removeDrafts(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).filter(isDraftName)) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

async function freeName(directory: string): Promise<string> {
  const taken = new Set(await readdir(directory));
  let at = Date.now();
  while (taken.has(backupName(new Date(at)))) {
    at += 1_000;
  }
  return backupName(new Date(at));
}
