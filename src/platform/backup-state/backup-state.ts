import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { writeFileDurably } from '../system/write-file-durably.ts';

const Instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' });
const State = Type.Object({
  /** When what the newest good backup holds was read, by kind. */
  backups: Type.Partial(Type.Object({ dump: Instant, full: Instant, incr: Instant })),
  /** The newest restore that was verified. */
  restoreDrill: Type.Optional(
    Type.Object({ succeededAt: Instant, rtoSeconds: Type.Number(), rpoSeconds: Type.Number() }),
  ),
  /** When the archive of the write-ahead log was last looked at, and had no gap. */
  archive: Type.Optional(Type.Object({ wholeAt: Instant })),
});
/** What the metrics of backups are made of. */
export type BackupState = Static<typeof State>;

const stateFile = 'state.json';

/** What is known of a folder of backups; nothing where its state is missing or damaged: an alert must not rest on it. */
export async function readBackupState(directory: string): Promise<BackupState> {
  try {
    const read: unknown = JSON.parse(await readFile(join(directory, stateFile), 'utf8'));
    return Value.Check(State, read) ? read : { backups: {} };
  } catch {
    return { backups: {} };
  }
}

/** The newest of each kind of two. */
export function newestState(one: BackupState, other: BackupState): BackupState {
  const backups = { ...one.backups };
  for (const kind of ['dump', 'full', 'incr'] as const) {
    const at = newer(one.backups[kind], other.backups[kind], (each) => each);
    if (at !== undefined) {
      backups[kind] = at;
    }
  }
  const restoreDrill = newer(one.restoreDrill, other.restoreDrill, ({ succeededAt }) => succeededAt);
  const archive = newer(one.archive, other.archive, ({ wholeAt }) => wholeAt);
  return {
    backups,
    ...(restoreDrill === undefined ? {} : { restoreDrill }),
    ...(archive === undefined ? {} : { archive }),
  };
}

function newer<T>(one: T | undefined, other: T | undefined, instantOf: (value: T) => string): T | undefined {
  if (one === undefined || other === undefined) {
    return one ?? other;
  }
  return Date.parse(instantOf(one)) < Date.parse(instantOf(other)) ? other : one;
}

/** Notes a success: in `state.json`, which the service reads, and in `brownie-backup.prom` for node_exporter. */
export async function noteSuccess(directory: string, change: Partial<BackupState>): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o750 });
  const before = await readBackupState(directory);
  const state = { ...before, ...change, backups: { ...before.backups, ...change.backups } };
  for (const [name, text] of [
    [stateFile, `${JSON.stringify(state, null, 2)}\n`],
    ['brownie-backup.prom', prometheusText(state)],
  ] as const) {
    await writeFileDurably(join(directory, name), text);
    // @NOTE there is no secret in it, and the service and node_exporter run as others.
    await chmod(join(directory, name), 0o644);
  }
}

const seconds = (instant: string): number => Date.parse(instant) / 1000;

/** The same as the service exposes, for a machine on which it does not run: textfile collector of node_exporter. */
export function prometheusText({ backups, restoreDrill, archive }: BackupState): string {
  const lines = Object.entries(backups).map(
    ([type, at]) => `backup_last_success_timestamp_seconds{type="${type}"} ${seconds(at)}`,
  );
  const newest = Math.max(...Object.values(backups).map(seconds));
  if (Number.isFinite(newest)) {
    lines.push(`backup_age_start_timestamp_seconds ${newest}`);
  }
  if (restoreDrill !== undefined) {
    lines.push(
      `restore_drill_age_start_timestamp_seconds ${seconds(restoreDrill.succeededAt)}`,
      `restore_drill_last_success_timestamp_seconds ${seconds(restoreDrill.succeededAt)}`,
      `restore_drill_rto_seconds ${restoreDrill.rtoSeconds}`,
      `restore_drill_rpo_seconds ${restoreDrill.rpoSeconds}`,
    );
  }
  if (archive !== undefined) {
    lines.push(`wal_archive_whole_timestamp_seconds ${seconds(archive.wholeAt)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}
