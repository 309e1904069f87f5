import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from './session.ts';

/** A lock that keeps others from writing, or from everything. */
export interface HeldLock {
  /** Null of a prepared transaction. */
  readonly pid: number | null;
  /** `incidents`; of the one that turns maintenance on, `every change`. */
  readonly on: string;
  /** `AccessExclusiveLock`. */
  readonly mode: string;
}

/** @NOTE (503, 8) is the lock that every change shares: see refuse_in_maintenance(). */
const question = `
  select pid, mode, case locktype when 'relation' then relation::regclass::text else 'every change' end as "on"
  from pg_locks
  where granted and pid is distinct from pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database())
    and (locktype = 'relation' and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
           and relation in (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p'))
         or locktype = 'advisory' and mode = 'ExclusiveLock' and classid = 503 and objid = 8 and objsubid = 2)
  order by 1, 3`;

/** What counts as held: migrations and maintenance take such locks for moments. */
const heldMs = 1_000;

/** Locks that keep others out and are held for more than a second, whether anybody waits for them at this moment or not. */
export async function heldLocks(session: Session): Promise<readonly HeldLock[]> {
  const first = await session.rows<HeldLock>(question);
  if (first.length === 0) {
    return [];
  }
  await delay(heldMs);
  const before = new Set(first.map((lock) => JSON.stringify(lock)));
  return (await session.rows<HeldLock>(question)).filter((lock) => before.has(JSON.stringify(lock)));
}
