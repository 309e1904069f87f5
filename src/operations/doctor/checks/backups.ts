import { resolve } from 'node:path';
import { type BackupState, readBackupState } from '../../backup/backup-state.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

const runbook = 'docs/procedures/doctor.md';
const hourMs = 3_600_000;
/** A daily backup, and two hours to make it. */
const ageHoursMax = 26;
const drillDaysMax = 35;

export const backupsAge: Check = {
  id: 'backups.age',
  runbook,
  async look({ config }) {
    const state = await readBackupState(resolve(config.backup.directory));
    return judgeBackups(state, config.environment === 'production', new Date());
  },
};

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
        remedy: 'brownie backup verify latest --restore',
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
}

export const backupsArchiving: Check = {
  id: 'backups.archiving',
  runbook,
  async look(patient) {
    const session = await patient.service();
    return judgeArchiver(
      await session.row<Archiver>(
        `select current_setting('archive_mode') <> 'off' as "isOn", failed_count::float8 as failed,
                coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing",
                last_failed_wal as "lastFailed",
                extract(epoch from now() - last_archived_time)::float8 as age
         from pg_stat_archiver`,
      ),
    );
  },
};

export function judgeArchiver({ isOn, failed, isFailing, lastFailed, age }: Archiver): Verdict {
  if (!isOn) {
    return ok('WAL is not archived (archive_mode = off)');
  }
  const archived = age === null ? 'never' : `${Math.round(age)} s ago`;
  return isFailing
    ? critical({
        finding:
          'Archiving WAL fails: what is written now cannot be restored, and pg_wal grows until the disk is full',
        evidence: [`failed ${failed} times, last at ${lastFailed}`, `last archived: ${archived}`],
        remedy: 'read the server log for what archive_command says; brownie backup pitr check',
      })
    : ok('WAL is archived', [`last archived: ${archived}`]);
}
