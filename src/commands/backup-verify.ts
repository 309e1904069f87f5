import {
  exitCodeOf,
  noteSuccess,
  renderChecks,
  type StoredBackup,
  storedBackup,
  storedBackups,
  verifyBackup,
} from '../operations/backup/index.ts';
import { OperationError } from '../operations/operation-error.ts';
import { backupSettings } from './backup-settings.ts';
import { report } from './outcome.ts';

export interface BackupVerifyOptions {
  readonly restore?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Verifies one backup, or all; with `--restore` by restoring it into a database that is dropped afterwards. */
export async function backupVerify(name: string, options: BackupVerifyOptions): Promise<void> {
  const { directory, identityPath, restoreDsn, secrets } = backupSettings();
  const backups = options.all ? await storedBackups(directory) : [await named(directory, name)];
  if (backups.length === 0) {
    throw new OperationError(`There is no backup in ${directory}: \`brownie backup create\` makes one`);
  }
  const results: { backup: StoredBackup; checks: Awaited<ReturnType<typeof verifyBackup>>['checks'] }[] = [];
  for (const backup of backups) {
    const startedAt = new Date();
    const { checks, restoreSeconds } = await verifyBackup(backup, {
      identityPath,
      secrets,
      restoreDsn: options.restore ? restoreDsn() : undefined,
    });
    results.push({ backup, checks });
    if (restoreSeconds !== undefined && checks.every(({ isOk }) => isOk)) {
      const takenAt = Date.parse(backup.manifest?.takenAt ?? '');
      await noteSuccess(directory, {
        restoreDrill: {
          succeededAt: new Date().toISOString(),
          rtoSeconds: restoreSeconds,
          rpoSeconds: (startedAt.getTime() - takenAt) / 1000,
        },
      });
    }
  }
  report(
    {
      exitCode: exitCodeOf(results.flatMap(({ checks }) => checks)),
      text: results.map(({ backup, checks }) => `${backup.name}\n${renderChecks(checks)}`).join(''),
      json: results.map(({ backup, checks }) => ({ name: backup.name, checks })),
    },
    options,
  );
}

/** @NOTE here the newest is the newest, good or not: verifying must not step over the one that is damaged. */
async function named(directory: string, name: string): Promise<StoredBackup> {
  const [newest] = name === 'latest' ? await storedBackups(directory) : [];
  return newest ?? (await storedBackup(directory, name));
}
