import { Gauge, type Registry } from 'prom-client';

/** When backups and restores last succeeded. Times are Unix time in seconds; 0 where none ever did. */
export interface BackupTimes {
  /** By kind: a dump, a full or an incremental base backup. */
  readonly backups: Readonly<Record<BackupKind, number>>;
  /** Of the newest restore that was verified, and what it measured. */
  readonly restoredAt: number;
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
  /** From when their ages count; undefined where none is owed. */
  readonly backupFrom: number | undefined;
  readonly drillFrom: number | undefined;
}

const kinds = ['dump', 'full', 'incr'] as const;
type BackupKind = (typeof kinds)[number];

/** Backups, restores and the archive of the write-ahead log. */
export function backupMetrics(registry: Registry) {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const backup = gauge(
    'backup_last_success_timestamp_seconds',
    'When what the newest backup holds was read, by kind; 0: never.',
    ['type'],
  );
  for (const type of kinds) {
    backup.set({ type }, 0);
  }
  const drill = gauge(
    'restore_drill_last_success_timestamp_seconds',
    'When a restore was last verified; 0: never.',
  );
  const rto = gauge('restore_drill_rto_seconds', 'How long that restore took.');
  const rpo = gauge('restore_drill_rpo_seconds', 'How old what it restored was.');
  const backupFrom = gauge(
    'backup_age_start_timestamp_seconds',
    'When the newest backup was made, or the installation where there is none yet; NaN where none is owed.',
  );
  const drillFrom = gauge(
    'restore_drill_age_start_timestamp_seconds',
    'When a restore was last verified, or the installation was made where none was yet; NaN where none is owed.',
  );
  backupFrom.set(Number.NaN);
  drillFrom.set(Number.NaN);
  const archive = gauge(
    'wal_archive_last_success_timestamp_seconds',
    'Up to when all of the write-ahead log is archived; NaN where PostgreSQL archives nothing.',
  );
  archive.set(Number.NaN);
  const whole = gauge(
    'wal_archive_whole_timestamp_seconds',
    'When the archive was last looked at and had no gap; 0: never; NaN where PostgreSQL archives nothing.',
  );
  whole.set(Number.NaN);
  return {
    backupsRead({ backups, restoredAt, rtoSeconds, rpoSeconds, ...from }: BackupTimes): void {
      for (const type of kinds) {
        backup.set({ type }, backups[type]);
      }
      drill.set(restoredAt);
      rto.set(rtoSeconds);
      rpo.set(rpoSeconds);
      backupFrom.set(from.backupFrom ?? Number.NaN);
      drillFrom.set(from.drillFrom ?? Number.NaN);
    },
    /** Unix time in seconds, up to which all is archived, and at which it last had no gap. `undefined`: PostgreSQL archives nothing. */
    walArchived(upTo: number | undefined, wholeAt: number): void {
      archive.set(upTo ?? Number.NaN);
      whole.set(upTo === undefined ? Number.NaN : wholeAt);
    },
  };
}
