import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDatabase } from '../../../platform/database/dsn.ts';
import { OperationError, RefusedError } from '../../../platform/errors/operation-error.ts';
import { type IdentityPath, listFaults, type StoredBackup } from '../store/index.ts';
import { type Check, checkOf, type ServiceSecrets } from '../verify/index.ts';
import { folderFaults } from './read-folder.ts';
import { restoreBackup } from './restore-backup.ts';
import { restoreFolder } from './restore-folder.ts';
import { dropTarget } from './restore-target.ts';

export interface VerifyOptions {
  /**
   * Answers the DSN of a superuser on the server to try a restore on; undefined: none is tried. Throws RefusedError where there
   * is none, which counts as any other reason for which none can be.
   */
  readonly demandRestoreDsn?: (() => string) | undefined;
  readonly identityPath?: IdentityPath;
  readonly secrets: ServiceSecrets;
}

export interface Verification {
  readonly checks: readonly Check[];
  /** How long a restore took; undefined where none was tried, or it failed. */
  readonly restoreSeconds: number | undefined;
  /** Why a restore that was asked for was not tried: it says nothing about the backup. */
  readonly refusal?: string;
}

/**
 * Looks at a backup: checksums, manifest, and the list of the dump where it can be read. With `demandRestoreDsn` it is
 * restored into a database that is dropped afterwards, or a folder that is removed, and verified there: nothing less shows that it is good.
 */
export async function verifyBackup(
  backup: StoredBackup,
  { demandRestoreDsn, ...options }: VerifyOptions,
): Promise<Verification> {
  const checks = await filesChecks(backup, options.identityPath);
  if (demandRestoreDsn === undefined || checks.some(({ isOk }) => !isOk)) {
    return { checks, restoreSeconds: undefined };
  }
  try {
    const { checks: restored, seconds } =
      backup.manifest?.format === 2
        ? await restoreInPassing(backup, options)
        : await restoreAndDrop(backup, demandRestoreDsn, options);
    return { checks: [...checks, ...restored], restoreSeconds: seconds };
  } catch (error) {
    if (error instanceof RefusedError) {
      return { checks, restoreSeconds: undefined, refusal: error.message };
    }
    if (error instanceof OperationError) {
      const failed = { name: 'restore', isOk: false, detail: error.message };
      return { checks: [...checks, failed], restoreSeconds: undefined };
    }
    throw error;
  }
}

type RestoreOptions = Omit<VerifyOptions, 'demandRestoreDsn'>;

async function restoreAndDrop(backup: StoredBackup, demandRestoreDsn: () => string, options: RestoreOptions) {
  const dsn = withDatabase(demandRestoreDsn(), `brownie_verify_${randomBytes(4).toString('hex')}`);
  const restored = await restoreBackup({ backup, dsn, ...options });
  await dropTarget(restored.target);
  return restored;
}

/** Of an embedded database, into a folder of its own. */
async function restoreInPassing(backup: StoredBackup, options: RestoreOptions) {
  const into = await mkdtemp(join(tmpdir(), 'brownie-verify-'));
  try {
    return await restoreFolder({ backup, into, ...options });
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

/** What can be seen of a backup without restoring it. */
async function filesChecks(
  { manifest, faults, path, bytes }: StoredBackup,
  identityPath: IdentityPath,
): Promise<Check[]> {
  const stored = checkOf('files', faults, `${bytes} bytes, as they were written`);
  if (manifest === undefined || faults.length > 0) {
    return [stored];
  }
  const name = 'list';
  if (manifest.recipient !== null && identityPath === undefined) {
    return [stored, { name, isOk: true, detail: 'encrypted, and the private key is not here: not read' }];
  }
  try {
    const found = await (manifest.format === 2 ? folderFaults : listFaults)(path, manifest, identityPath);
    return [stored, checkOf(name, found, `rows of ${manifest.tables.length} tables`)];
  } catch (error) {
    if (error instanceof RefusedError) {
      return [stored, { name, isOk: true, needsLook: true, detail: `not read: ${error.message}` }];
    }
    throw error;
  }
}
