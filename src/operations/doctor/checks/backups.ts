import { resolve } from 'node:path';
import {
  type BackupAge,
  backupAge,
  backupHoursMax,
  drillDaysMax,
} from '../../../platform/backup-state/backup-age.ts';
import { readBackupRecord } from '../../../platform/backup-state/backup-record.ts';
import { readBackupState } from '../../../platform/backup-state/backup-state.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const behindSecondsMax = 120;

export const backupsAge: Check = {
  id: 'backups.age',
  runbook: 'docs/runbooks/BackupTooOld.md',
  async look({ config, service }) {
    const folder = await readBackupState(resolve(config.backup.directory));
    const record = await service()
      .then(({ sender }) => readBackupRecord(sender))
      .catch(() => undefined);
    const { database } = config;
    return judgeBackups(
      backupAge(folder, record, config),
      new Date(),
      database.mode === 'embedded' ? database.dataDir : undefined,
    );
  },
};

/** @param dataDir of an embedded database, of which none is owed */
export function judgeBackups(
  { state: { backups }, backupFrom, drillFrom }: BackupAge,
  now: Date,
  dataDir?: string,
): Verdict {
  const ages = Object.entries(backups).map(([kind, at]) => ({
    kind,
    hours: (now.getTime() - Date.parse(at)) / hourMs,
  }));
  const evidence = ages.map(({ kind, hours }) => `${kind}: ${Math.round(hours)} h ago`);
  if (backupFrom === undefined) {
    return ok(
      dataDir === undefined
        ? 'No backup was made here'
        : `No backup was made of the embedded database in ${resolve(dataDir)}: \`brownie backup create\` makes one, while the service runs`,
    );
  }
  const hours = (now.getTime() - backupFrom) / hourMs;
  if (hours > backupHoursMax) {
    return ages.length === 0
      ? critical({ finding: 'No backup is known of', remedy: 'brownie backup create' })
      : critical({
          finding: `The newest backup is ${Math.round(hours)} h old`,
          evidence,
          remedy: 'brownie backup create; then see why the timer did not',
        });
  }
  const drillDays = drillFrom === undefined ? 0 : (now.getTime() - drillFrom) / dayMs;
  return drillDays > drillDaysMax
    ? warning({
        finding: `No backup was restored for ${Math.round(drillDays)} days: nobody knows that they can be`,
        evidence,
        remedy: 'brownie drill restore, or: brownie backup verify latest --restore',
      })
    : ok(
        ages.length === 0
          ? `No backup was made yet: the first is due ${backupHoursMax} h after the installation`
          : `The newest backup is ${Math.round(hours)} h old`,
        evidence,
      );
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
