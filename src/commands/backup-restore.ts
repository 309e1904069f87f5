import { resolve } from 'node:path';
import {
  examineFolderRestore,
  examineRestore,
  restoreBackup,
  restoreFolder,
  targetDsn,
} from '../operations/backup/restore/index.ts';
import { storedBackup } from '../operations/backup/store/index.ts';
import { exitCodeOf, renderChecks } from '../operations/backup/verify/index.ts';
import { dsnAddress, readDsn } from '../platform/database/dsn.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { backupSettings } from './backup-settings.ts';
import { type Outcome, report } from './outcome.ts';

export interface BackupRestoreOptions {
  /** The name of a database, or a DSN without a password; of an embedded database: a folder. */
  readonly into: string;
  readonly acceptLocale?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Restores a backup beside the live database, verifies it, and says how to switch. */
export async function backupRestore(name: string, options: BackupRestoreOptions): Promise<void> {
  const { directory, identityPath, demandRestoreDsn, secrets } = backupSettings();
  const backup = await storedBackup(directory, name);
  if (backup.manifest?.format === 2) {
    report(await restoredFolder({ backup, identityPath, secrets }, options), options);
    return;
  }
  const isDsn = options.into.includes('://');
  const what = {
    backup,
    dsn: targetDsn(options.into, isDsn ? undefined : demandRestoreDsn()),
    identityPath,
    acceptsLocale: options.acceptLocale ?? false,
  };
  if (options.dryRun) {
    report(tried(await examineRestore(what)), options);
    return;
  }
  const { target, manifest, checks, loginsWithoutPassword, seconds } = await restoreBackup({
    ...what,
    secrets,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const isSound = checks.every(({ isOk }) => isOk);
  const { host, port = '5432' } = readDsn(target.dsn);
  report(
    {
      exitCode: exitCodeOf(checks),
      text:
        `${manifest.name}, as of ${manifest.takenAt}, is in the database ${target.database} after ${seconds.toFixed(1)} s:\n${renderChecks(checks)}` +
        (isSound
          ? '\nAll sessions and tokens are ended: everybody logs in anew. The audit trail of each organization says that it was restored.\n' +
            `To switch: put ${dsnAddress(target.dsn, 5432)}/${target.database} into METADATA_POSTGRES_DSN and METADATA_POSTGRES_MIGRATION_DSN,\n` +
            'logins as they were, and restart the instances one by one. The old database is as it was: keep it until all is well.\n'
          : `\nDo not switch: ${target.database} is left for you to look at.\n`) +
        (loginsWithoutPassword.length === 0
          ? ''
          : `These logins are new on this server, and have no password yet: ${loginsWithoutPassword.join(', ')}. Set it with \\password in psql.\n`),
      json: {
        name: manifest.name,
        takenAt: manifest.takenAt,
        database: target.database,
        host: host ?? null,
        port,
        seconds,
        isSound,
        checks,
        loginsWithoutPassword,
      },
    },
    options,
  );
}

/** Of an embedded database, which goes into a folder. */
async function restoredFolder(
  what: Omit<Parameters<typeof restoreFolder>[0], 'into'>,
  options: BackupRestoreOptions,
): Promise<Outcome> {
  if (options.into.includes('://')) {
    throw new RefusedError(
      '--into: a copy of an embedded database goes into a folder, not to a server: name a new one',
    );
  }
  const into = resolve(options.into);
  if (options.dryRun) {
    const { name, takenAt } = await examineFolderRestore({ ...what, into });
    return {
      exitCode: 0,
      text: `${name}, as of ${takenAt}, would be restored into the folder ${into}; nothing was changed.\n`,
      json: { name, takenAt, folder: into, isDryRun: true },
    };
  }
  const { manifest, checks, seconds } = await restoreFolder({ ...what, into });
  const { name, takenAt } = manifest;
  const isSound = checks.every(({ isOk }) => isOk);
  return {
    exitCode: exitCodeOf(checks),
    text:
      `${name}, as of ${takenAt}, is in the folder ${into} after ${seconds.toFixed(1)} s:\n${renderChecks(checks)}` +
      (isSound
        ? '\nAll sessions and tokens are ended: everybody logs in anew. The audit trail of each organization says that it was restored.\n' +
          `To switch: stop the service, and start it with METADATA_DATA_DIR=${into}, or with that folder in the place of the old one.\n` +
          'The old one is as it was: keep it until all is well.\n'
        : `\nDo not switch: ${into} is left for you to look at.\n`),
    json: { name, takenAt, folder: into, seconds, isSound, checks },
  };
}

function tried({ target, manifest }: Awaited<ReturnType<typeof examineRestore>>): Outcome {
  const { host, port = '5432' } = readDsn(target.dsn);
  const { database, isNew } = target;
  return {
    exitCode: 0,
    text:
      `${manifest.name}, as of ${manifest.takenAt}, would be restored into the database ${database} of ${dsnAddress(target.dsn, 5432)}, which ` +
      `${isNew ? 'would be made' : 'is empty'}; nothing was changed.\n`,
    json: {
      name: manifest.name,
      takenAt: manifest.takenAt,
      database,
      host: host ?? null,
      port,
      isNew,
      isDryRun: true,
    },
  };
}
