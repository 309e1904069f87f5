import { type Verification, verifyBackup } from '../operations/backup/restore/index.ts';
import { type StoredBackup, storedBackup, storedBackups } from '../operations/backup/store/index.ts';
import { exitCodeOf, renderChecks } from '../operations/backup/verify/index.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { backupSettings } from './backup-settings.ts';
import { type Outcome, report } from './outcome.ts';

export interface BackupVerifyOptions {
  readonly restore?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

type Result = Verification & { readonly backup: StoredBackup };

/**
 * Verifies one backup, or all; with `--restore` by restoring it into a database that is dropped afterwards. Where that cannot be
 * tried, the files are verified all the same, and it ends with 4.
 */
export async function backupVerify(name: string, options: BackupVerifyOptions): Promise<void> {
  const { directory, identityPath, demandRestoreDsn, secrets, noteSuccess } = backupSettings();
  const backups = options.all ? await storedBackups(directory) : [await named(directory, name)];
  if (backups.length === 0) {
    throw new OperationError(`There is no backup in ${directory}. \`brownie backup create\` makes one`);
  }
  const results: Result[] = [];
  for (const backup of backups) {
    const startedAt = new Date();
    const verification = await verifyBackup(backup, {
      identityPath,
      secrets,
      demandRestoreDsn: options.restore ? demandRestoreDsn : undefined,
    });
    results.push({ backup, ...verification });
    const { checks, restoreSeconds } = verification;
    if (restoreSeconds !== undefined && checks.every(({ isOk }) => isOk)) {
      const takenAt = Date.parse(backup.manifest?.takenAt ?? '');
      await noteSuccess({
        restoreDrill: {
          succeededAt: new Date().toISOString(),
          rtoSeconds: restoreSeconds,
          rpoSeconds: (startedAt.getTime() - takenAt) / 1000,
        },
      });
    }
  }
  report(outcomeOf(results), options);
}

function outcomeOf(results: readonly Result[]): Outcome {
  const found = exitCodeOf(results.flatMap(({ checks }) => checks));
  const refusals = [...new Set(results.flatMap(({ refusal }) => refusal ?? []))];
  const files = found === 1 ? 'What is marked FAILED is damaged.' : 'The files are sound.';
  return {
    exitCode: found !== 1 && refusals.length > 0 ? 4 : found,
    text:
      results.map(({ backup, checks }) => `${backup.name}\n${renderChecks(checks)}`).join('') +
      refusals.map((refusal) => `${files} The trial restore was not done: ${refusal}\n`).join(''),
    json: results.map(({ backup, checks, refusal = null }) => ({ name: backup.name, checks, refusal })),
  };
}

/** @NOTE here the newest is the newest, good or not: verifying must not step over the one that is damaged. */
async function named(directory: string, name: string): Promise<StoredBackup> {
  const [newest] = name === 'latest' ? await storedBackups(directory) : [];
  return newest ?? (await storedBackup(directory, name));
}
