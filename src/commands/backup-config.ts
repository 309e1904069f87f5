import { backupConfiguration } from '../operations/backup/backup-configuration.ts';
import { commandConfig } from './command-config.ts';
import { report } from './outcome.ts';

export interface BackupConfigOptions {
  readonly from: string;
  readonly into?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Copies `.env` and the compose files, mode 0600; encrypted where backups are. */
export async function backupConfig(options: BackupConfigOptions): Promise<void> {
  const { from, into, dryRun: isDryRun = false } = options;
  const { recipient } = commandConfig().backup;
  const copies = await backupConfiguration(from, {
    ...(into === undefined ? {} : { into }),
    recipient,
    isDryRun,
  });
  const verb = isDryRun ? '  would be made' : '';
  report(
    { exitCode: 0, text: copies.map((copy) => `${copy}${verb}\n`).join(''), json: { copies, isDryRun } },
    options,
  );
}
