import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withDatabase } from '../../../platform/database/dsn.ts';
import { startEmbeddedPostgres } from '../../../platform/embedded-postgres/index.ts';
import { OperationError, RefusedError } from '../../../platform/errors/operation-error.ts';
import { folderParts, type IdentityPath, type Manifest, type StoredBackup } from '../store/index.ts';
import { type Check, type ServiceSecrets, verifyDatabase } from '../verify/index.ts';
import { endCredentials, traceRestore } from './end-credentials.ts';
import { extractFolder } from './read-folder.ts';

export interface FolderRestoreOptions {
  /** The copy of a folder of an embedded database. */
  readonly backup: StoredBackup;
  /** Absolute; new, or empty. */
  readonly into: string;
  readonly identityPath?: IdentityPath;
  /** What the service needs where the backup has no secret of its own. */
  readonly secrets: ServiceSecrets;
}

export interface RestoredFolder {
  readonly manifest: Manifest;
  readonly checks: readonly Check[];
  /** From the beginning to the database that was verified. */
  readonly seconds: number;
}

/** Looks whether a copy can be restored there; changes nothing. Throws as `restoreFolder` does before it makes anything. */
export async function examineFolderRestore({
  backup: { name, manifest, faults },
  into,
}: Pick<FolderRestoreOptions, 'backup' | 'into'>): Promise<Manifest> {
  if (manifest === undefined || faults.length > 0) {
    throw new OperationError(
      `${name} is damaged: ${faults.join('; ')}. Take another: \`brownie backup list\``,
    );
  }
  const found = await readdir(into).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return [];
    }
    throw new RefusedError(`--into: ${into} is no folder that this user can use (${error.code})`, {
      cause: error,
    });
  });
  if (found.length > 0) {
    throw new RefusedError(`--into: ${into} is not empty: name a new folder`);
  }
  return manifest;
}

/**
 * Restores the copy of an embedded database into a folder beside the live one, has it start there, verifies it and stops it. Throws RefusedError where
 * it must not, OperationError and EmbeddedPostgresError where the backup is damaged or the restore fails: the folder is empty again then.
 */
export async function restoreFolder({
  backup,
  into,
  identityPath,
  secrets,
}: FolderRestoreOptions): Promise<RestoredFolder> {
  const startedAt = performance.now();
  const manifest = await examineFolderRestore({ backup, into });
  await mkdir(into, { recursive: true, mode: 0o700 });
  try {
    await extractFolder(backup.path, manifest, { into, identityPath });
    const secret = await readFile(join(into, folderParts.secret), 'utf8').catch(() => undefined);
    await using server = await startEmbeddedPostgres({ directory: into });
    const dsn = withDatabase(server.superuserDsn, manifest.database.name);
    await endCredentials(dsn);
    const checks = await verifyDatabase(dsn, manifest, {
      ...secrets,
      ...(secret === undefined ? {} : { METADATA_JWT_SECRET: secret.trim() }),
    });
    await traceRestore(dsn, { backup: backup.name, as_of: manifest.takenAt });
    return { manifest, checks, seconds: (performance.now() - startedAt) / 1000 };
  } catch (error) {
    for (const name of await readdir(into)) {
      await rm(join(into, name), { recursive: true, force: true });
    }
    throw error;
  }
}
