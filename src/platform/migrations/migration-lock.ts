import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationRefusedError } from './migration-error.ts';
import type { SqlClient } from './sql-client.ts';

/**
 * Key of the advisory lock that whoever changes the schema holds for the length of its session: "brownie" in ASCII,
 * 27710370788305253 in pg_locks' terms classid 6451823 and objid 2003724645. Advisory locks are per database.
 */
export const migrationLockKey = 0x62726f776e6965n;

/** The session that holds the lock. */
export interface LockHolder {
  readonly pid: number;
  readonly applicationName: string;
}

/**
 * Takes the migration lock for this session; it is released when the session ends.
 * @param onWaiting called once, when another session has it
 * Throws MigrationRefusedError after `waitMs`, naming the holder
 */
export async function acquireMigrationLock(
  client: SqlClient,
  { waitMs, onWaiting }: { waitMs: number; onWaiting: (holder: LockHolder | null) => void },
): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (let told = false; ; told = true) {
    // @NOTE Polled: a session blocked in pg_advisory_lock() holds a snapshot, which CREATE INDEX CONCURRENTLY in the
    // session that has the lock would wait for, and both for ever.
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1::bigint) as locked',
      [String(migrationLockKey)],
    );
    if (rows[0]?.locked === true) {
      return;
    }
    const holder = await lockHolder(client);
    if (!told) {
      onWaiting(holder);
    }
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) {
      throw new MigrationRefusedError(waitedInVain(holder, waitMs));
    }
    await sleep(Math.min(leftMs, 100 + Math.random() * 200));
  }
}

/**
 * Checks that this very session still has the lock.
 * Throws MigrationRefusedError if not, which a pooler in transaction mode brings about
 */
export async function requireMigrationLock(client: SqlClient): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>(
    `select exists (${heldLocks} and l.pid = pg_backend_pid()) as held`,
    [String(migrationLockKey)],
  );
  if (rows[0]?.held === true) {
    return;
  }
  throw new MigrationRefusedError(
    'the migration lock is lost: migrate over a direct connection, not through a pooler in transaction mode',
  );
}

const heldLocks = `select l.pid, a.application_name as "applicationName"
  from pg_locks l left join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and l.classid = ($1::bigint >> 32)::oid and l.objid = ($1::bigint & 4294967295)::oid`;

async function lockHolder(client: SqlClient): Promise<LockHolder | null> {
  const { rows } = await client.query<{ pid: number; applicationName: string | null }>(heldLocks, [
    String(migrationLockKey),
  ]);
  const [row] = rows;
  return row === undefined ? null : { pid: row.pid, applicationName: row.applicationName ?? '' };
}

function waitedInVain(holder: LockHolder | null, waitMs: number): string {
  const who =
    holder === null ? 'another session' : `pid ${holder.pid} (${holder.applicationName || 'unnamed'})`;
  const end = holder === null ? '' : `, or end it with \`select pg_terminate_backend(${holder.pid})\``;
  return `${who} is migrating this database and was not done in ${waitMs / 1000} s: wait for it${end}`;
}
