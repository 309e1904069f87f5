import { resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import type { BackupState } from '../platform/backup-state/backup-state.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { noteSuccess } from './note-success.ts';

type BackupSettings = Omit<Config['backup'], 'dsn' | 'restoreDsn'> & {
  /** Throw RefusedError where there is none. */
  readonly demandDsn: () => string;
  readonly demandRestoreDsn: () => string;
  /** How to come by a backup: a sentence without its full stop. */
  readonly howToBackUp: string;
  /** Notes a success for alerts, doctor and checklists. */
  readonly noteSuccess: (change: Partial<BackupState>) => Promise<void>;
  /** What the service needs beside a database. */
  readonly secrets: Readonly<Record<string, string>>;
};

const copyTheFolder =
  '`brownie backup` does not do for the embedded PostgreSQL: stop the service, and copy METADATA_DATA_DIR';

/** The settings of backups. The embedded PostgreSQL has no pg_dump: there, and only there, a DSN can be missing. */
export function backupSettings(): BackupSettings {
  const {
    backup: { dsn: backupDsn, restoreDsn, ...backup },
    jwt,
    database,
  } = commandConfig();
  // @NOTE absolute: who is told of a folder at night may stand in another one.
  const directory = resolve(backup.directory);
  const demanded = (dsn: string | undefined, name: string) => (): string => {
    if (dsn === undefined) {
      throw new RefusedError(`${copyTheFolder}. For any other, set ${name}`);
    }
    return dsn;
  };
  return {
    ...backup,
    directory,
    demandDsn: demanded(backupDsn, 'METADATA_BACKUP_DSN'),
    demandRestoreDsn: demanded(restoreDsn, 'METADATA_BACKUP_RESTORE_DSN'),
    howToBackUp: backupDsn === undefined ? copyTheFolder : '`brownie backup create` makes one',
    noteSuccess: (change) => noteSuccess({ directory, database }, change),
    secrets: {
      ...(jwt.secret === undefined ? {} : { METADATA_JWT_SECRET: jwt.secret }),
      ...(jwt.previousSecret === undefined ? {} : { METADATA_JWT_SECRET_PREVIOUS: jwt.previousSecret }),
    },
  };
}

/** `1.4 GB`; powers of 1000. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
