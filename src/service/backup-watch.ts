import { type BackupAge, backupAge, type Installation } from '../platform/backup-state/backup-age.ts';
import { readBackupRecord } from '../platform/backup-state/backup-record.ts';
import { readBackupState } from '../platform/backup-state/backup-state.ts';
import type { DatabaseProbe } from '../platform/database/database-probe.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import { followJob } from './follow-job.ts';

const intervalMs = 15_000;

/**
 * Up to when the write-ahead log is archived. A segment that is complete and not archived counts from the last success on;
 * one that is still being written does not, for archive_timeout completes it. `.history` files tell nothing.
 */
const archivedUpTo = `
  select extract(epoch from case
           when left(last_archived_wal, 24) >= pg_walfile_name(pg_current_wal_lsn() - pg_size_bytes(current_setting('wal_segment_size')))
           then now() else coalesce(last_archived_time, pg_postmaster_start_time()) end)::float8 as "upTo"
  from pg_stat_archiver
  where current_setting('archive_mode') <> 'off'`;

export interface BackupWatchOptions {
  /** Whether it owes backups. */
  readonly installation: Installation;
  /** The folder of the backups: its state is read. */
  readonly directory: string;
  readonly probe: Pick<DatabaseProbe, 'query'>;
  readonly metrics: Pick<Metrics, 'backupsRead' | 'walArchived'>;
  readonly logger: Logger;
}

/** Tells the metrics every 15 seconds of backups, restores and the archive. */
export class BackupWatch implements Disposable {
  readonly #options: BackupWatchOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: BackupWatchOptions) {
    this.#options = options;
    const look = () => followJob(options.logger, 'look at backups and archive', () => this.look());
    this.#timer = setInterval(look, intervalMs);
    this.#timer.unref();
  }

  /** Looks now. A database that does not answer changes nothing: what was archived stays archived, and grows old. */
  async look(): Promise<void> {
    const { installation, directory, probe, metrics } = this.#options;
    try {
      const [folder, record] = [await readBackupState(directory), await readBackupRecord(probe)];
      const age = backupAge(folder, record, installation);
      metrics.backupsRead(timesOf(age));
      const { rows } = await probe.query<{ isStandby: boolean }>('select pg_is_in_recovery() as "isStandby"');
      if (rows[0]?.isStandby === false) {
        const { rows: archived } = await probe.query<{ upTo: number }>(archivedUpTo);
        metrics.walArchived(archived[0]?.upTo, secondsOf(age.state.archive?.wholeAt));
      }
    } catch {
      // @NOTE health tells of it, and DatabaseDown.
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

const secondsOf = (instant: string | undefined): number =>
  instant === undefined ? 0 : Date.parse(instant) / 1000;

function timesOf({ state: { backups, restoreDrill }, backupFrom, drillFrom }: BackupAge) {
  return {
    backups: {
      dump: secondsOf(backups.dump),
      full: secondsOf(backups.full),
      incr: secondsOf(backups.incr),
    },
    restoredAt: secondsOf(restoreDrill?.succeededAt),
    rtoSeconds: restoreDrill?.rtoSeconds ?? 0,
    rpoSeconds: restoreDrill?.rpoSeconds ?? 0,
    backupFrom: backupFrom && backupFrom / 1000,
    drillFrom: drillFrom && drillFrom / 1000,
  };
}
