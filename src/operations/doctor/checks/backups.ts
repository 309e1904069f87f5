import { resolve } from 'node:path';
import { type BackupState, readBackupState } from '../../../platform/backup-state/backup-state.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

const hourMs = 3_600_000;
/** A daily backup, and two hours to make it. */
const ageHoursMax = 26;
/** A weekly drill, and a day to mend it. */
const drillDaysMax = 8;
const behindSecondsMax = 120;

export const backupsAge: Check = {
  id: 'backups.age',
  runbook: 'docs/runbooks/BackupTooOld.md',
  async look({ config }) {
    if (config.database.mode === 'embedded') {
      return judgeEmbedded(config.database.dataDir);
    }
    const state = await readBackupState(resolve(config.backup.directory));
    return judgeBackups(state, config.environment === 'production', new Date());
  },
};

/** @NOTE an embedded PostgreSQL has no programs to make a backup with, and is for trying things out. */
export const judgeEmbedded = (dataDir: string): Verdict =>
  ok(
    `An embedded database is backed up by copying it: stop the service, copy METADATA_DATA_DIR (${resolve(dataDir)}), start it again`,
  );

/** Outside production nobody has to make backups; whoever made one wants the next one, too. */
export function judgeBackups(
  { backups, restoreDrill }: BackupState,
  isProduction: boolean,
  now: Date,
): Verdict {
  const ages = Object.entries(backups).map(([kind, at]) => ({
    kind,
    hours: (now.getTime() - Date.parse(at)) / hourMs,
  }));
  const newest = Math.min(...ages.map(({ hours }) => hours));
  const evidence = ages.map(({ kind, hours }) => `${kind}: ${Math.round(hours)} h ago`);
  if (ages.length === 0) {
    return isProduction
      ? critical({ finding: 'There is no backup in METADATA_BACKUP_DIR', remedy: 'brownie backup create' })
      : ok('No backup was made here');
  }
  if (newest > ageHoursMax) {
    return critical({
      finding: `The newest backup is ${Math.round(newest)} h old`,
      evidence,
      remedy: 'brownie backup create; then see why the timer did not',
    });
  }
  const drillDays =
    restoreDrill === undefined ? 0 : (now.getTime() - Date.parse(restoreDrill.succeededAt)) / (24 * hourMs);
  return drillDays > drillDaysMax
    ? warning({
        finding: `No backup was restored for ${Math.round(drillDays)} days: nobody knows that they can be`,
        evidence,
        remedy: 'brownie drill restore, or: brownie backup verify latest --restore',
      })
    : ok(`The newest backup is ${Math.round(newest)} h old`, evidence);
}

interface Archiver {
  readonly isOn: boolean;
  readonly failed: number;
  readonly isFailing: boolean;
  readonly lastFailed: string | null;
  /** Seconds since the last segment was archived. */
  readonly age: number | null;
  /** Seconds that a complete segment may have waited for the archive; 0 where none does. */
  readonly behind: number;
}

export const backupsArchiving: Check = {
  id: 'backups.archiving',
  runbook: 'docs/runbooks/WALArchivingFailing.md',
  async look(context) {
    const session = await context.service();
    return judgeArchiver(
      await session.row<Archiver>(
        `select current_setting('archive_mode') <> 'off' as "isOn", failed_count::float8 as failed,
                coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing",
                last_failed_wal as "lastFailed",
                extract(epoch from now() - last_archived_time)::float8 as age,
                case when pg_is_in_recovery()
                       or left(last_archived_wal, 24)
                          >= pg_walfile_name(pg_current_wal_lsn() - pg_size_bytes(current_setting('wal_segment_size')))
                     then 0
                     else extract(epoch from now() - coalesce(last_archived_time, pg_postmaster_start_time()))::float8
                end as behind
         from pg_stat_archiver`,
      ),
    );
  },
};

export function judgeArchiver({ isOn, failed, isFailing, lastFailed, age, behind }: Archiver): Verdict {
  if (!isOn) {
    return ok('WAL is not archived (archive_mode = off)');
  }
  const archived = age === null ? 'never' : `${Math.round(age)} s ago`;
  return isFailing || behind > behindSecondsMax
    ? critical({
        finding:
          'Archiving WAL fails: what is written now cannot be restored, and pg_wal grows until the disk is full',
        evidence: [
          `failed ${failed} times, last at ${lastFailed ?? 'none'}`,
          `last archived: ${archived}; behind by ${Math.round(behind)} s`,
        ],
        remedy: 'read the server log for what archive_command says; brownie backup pitr check',
      })
    : ok('WAL is archived', [`last archived: ${archived}`]);
}
