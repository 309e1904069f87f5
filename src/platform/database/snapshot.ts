/** What a statement sees: which transactions had committed. */
export interface Snapshot {
  /** As `pg_current_snapshot()::text` says it. */
  readonly text: string;
  /** The first transaction that had not begun. */
  readonly next: number;
  /** Those before it that were under way. */
  readonly running: readonly number[];
}

/** Throws where it is none. */
export function parseSnapshot(text: string): Snapshot {
  const [, next, running = ''] = /^\d+:(\d+):([\d,]*)$/.exec(text) ?? [];
  if (next === undefined) {
    throw new Error(`not a snapshot: ${text}`);
  }
  return { text, next: Number(next), running: running === '' ? [] : running.split(',').map(Number) };
}

/** Whether the one sees whatever the other sees. */
export const seesAll = (one: Snapshot, other: Snapshot): boolean =>
  one.next >= other.next && one.running.every((xid) => xid >= other.next || other.running.includes(xid));
