import { resolve } from 'node:path';
import type { Config } from '../config/index.ts';
import type { BackupState } from '../platform/backup-state/backup-state.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { noteSuccess } from './note-success.ts';

type BackupSettings = Omit<Config['backup'], 'dsn' | 'restoreDsn'> & {
  /** METADATA_DATA_DIR where an embedded database is backed up; undefined: another one, by its DSN. */
  readonly dataDir: string | undefined;
  /** Throw RefusedError where there is none. */
  readonly demandDsn: () => string;
  readonly demandRestoreDsn: () => string;
  /** Notes a success for alerts, doctor and checklists. */
  readonly noteSuccess: (change: Partial<BackupState>) => Promise<void>;
  /** What the service needs beside a database. */
  readonly secrets: Readonly<Record<string, string>>;
};

/** The settings of backups. Of the embedded PostgreSQL, and only there, a DSN can be missing: its folder is copied. */
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
      throw new RefusedError(
        `The embedded PostgreSQL has no such thing: \`brownie backup create\` copies its folder. For any other, set ${name}`,
      );
    }
    return dsn;
  };
  return {
    ...backup,
    directory,
    dataDir: database.mode === 'embedded' && backupDsn === undefined ? resolve(database.dataDir) : undefined,
    demandDsn: demanded(backupDsn, 'METADATA_BACKUP_DSN'),
    demandRestoreDsn: demanded(restoreDsn, 'METADATA_BACKUP_RESTORE_DSN'),
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
