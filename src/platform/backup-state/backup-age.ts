import type { BackupRecord } from './backup-record.ts';
import { type BackupState, newestState } from './backup-state.ts';

/** A backup each day, and two hours to make it. */
export const backupHoursMax = 26;
/** A drill each week, and a day to mend it. */
export const drillDaysMax = 8;

export interface BackupAge {
  /** What the folder and the database know together. */
  readonly state: BackupState;
  /**
   * From when the age of the newest backup counts, in ms of Unix time; from the installation where there is none: a new one owes its
   * first within a day. Undefined where none is owed.
   */
  readonly backupFrom: number | undefined;
  /** The same of the newest restore that was verified. */
  readonly drillFrom: number | undefined;
}

/** What decides whether backups are owed though none was ever made. */
export interface Installation {
  readonly environment: string;
  readonly database: { readonly mode: 'embedded' | 'external' };
}

/**
 * The one judgement that alerts, doctor and checklists share. Backups are owed in production on a database of its own; elsewhere nobody
 * has to make them, and whoever made one wants the next one, too.
 */
export function backupAge(
  folder: BackupState,
  record: BackupRecord | undefined,
  { environment, database }: Installation,
): BackupAge {
  const state = record === undefined ? folder : newestState(folder, record.state);
  const isOwed = environment === 'production' && database.mode === 'external';
  // @NOTE where not even the database answers, what was never seen is as old as can be.
  const installedAt = isOwed ? (record?.installedAt.getTime() ?? 0) : undefined;
  const made = Object.values(state.backups).map((at) => Date.parse(at));
  return {
    state,
    backupFrom: made.length === 0 ? installedAt : Math.max(...made),
    drillFrom: state.restoreDrill === undefined ? installedAt : Date.parse(state.restoreDrill.succeededAt),
  };
}
