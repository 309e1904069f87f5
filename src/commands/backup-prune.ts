import { prunable, removeBackup, storedBackups } from '../operations/backup/store/index.ts';
import { backupSettings, size } from './backup-settings.ts';
import { report } from './outcome.ts';

export interface BackupPruneOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Removes the backups that are older than the retention, but for the last three good ones. */
export async function backupPrune(options: BackupPruneOptions): Promise<void> {
  const { directory, retentionDays } = backupSettings();
  const backups = await storedBackups(directory);
  const doomed = prunable(backups, retentionDays, new Date());
  if (!options.dryRun) {
    for (const backup of doomed) {
      await removeBackup(backup);
    }
  }
  const verb = options.dryRun ? 'would be removed' : 'removed';
  const kept = backups.length - doomed.length;
  report(
    {
      exitCode: 0,
      text:
        doomed.map(({ name, bytes }) => `${name}  ${size(bytes)}  ${verb}\n`).join('') +
        `${kept} kept: those of the last ${retentionDays} days, and the last three good ones.\n`,
      json: { removed: doomed.map(({ name }) => name), kept, isDryRun: options.dryRun ?? false },
    },
    options,
  );
}
