import { basename, resolve } from 'node:path';
import { createBackup, examineBackup } from '../operations/backup/create/index.ts';
import { version } from '../platform/system/version.ts';
import type { BackupMaker } from './backup-maker.ts';
import { backupSettings, size } from './backup-settings.ts';
import { type Outcome, report } from './outcome.ts';

export interface BackupCreateOptions {
  readonly rolePasswords?: boolean;
  /** `--no-upload` makes it false. */
  readonly upload: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Makes a backup, and copies it to S3 where one is configured. */
export async function backupCreate(options: BackupCreateOptions): Promise<void> {
  const { directory, recipient, s3Url, s3Endpoint, noteSuccess, ...settings } = backupSettings();
  await using maker =
    settings.dataDir === undefined
      ? dumpMaker(settings.demandDsn(), recipient, options.rolePasswords)
      : await (await import('./backup-folder.ts')).folderMaker(settings.dataDir, {
          ...settings,
          recipient,
          isCopied: s3Url !== undefined && options.upload,
        });
  if (options.dryRun) {
    const { bytes } = await maker.examine();
    report(
      {
        exitCode: 0,
        text:
          `A backup of ${size(bytes)} of tables and indexes would be made in ${resolve(directory)}` +
          `${recipient === undefined ? '' : ', encrypted'}; none was made.\n`,
        json: { directory: resolve(directory), bytes, isEncrypted: recipient !== undefined, isDryRun: true },
      },
      options,
    );
    return;
  }
  const { path, manifest } = await maker.make(directory);
  await noteSuccess({ backups: { dump: manifest.takenAt } });
  let copiedTo: string | null = null;
  if (s3Url !== undefined && options.upload) {
    const { uploadFolder } = await import('../operations/backup/s3-copies.ts');
    copiedTo = await uploadFolder(path, { url: s3Url, endpoint: s3Endpoint });
  }
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const outcome: Outcome = {
    exitCode: 0,
    text:
      `${basename(path)}: ${rows} rows of ${manifest.tables.length} tables as of ${manifest.takenAt}, in ${manifest.seconds.toFixed(1)} s\n` +
      `  in ${resolve(path)}${recipient === undefined ? '' : ', encrypted'}\n${copiedTo === null ? '' : `  and in ${copiedTo}\n`}`,
    json: {
      name: manifest.name,
      path: resolve(path),
      takenAt: manifest.takenAt,
      seconds: manifest.seconds,
      rows,
      tables: manifest.tables.length,
      isEncrypted: recipient !== undefined,
      copiedTo,
    },
  };
  report(outcome, options);
}

function dumpMaker(dsn: string, recipient: string | undefined, withRolePasswords = false): BackupMaker {
  const what = { dsn, recipient, withRolePasswords };
  return {
    examine: () => examineBackup(what),
    make: (directory) => createBackup({ ...what, directory, version }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
