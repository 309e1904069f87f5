import { type Activity, activities, activityLine } from '../activity.ts';
import { type Check, ok, type Verdict, warning } from '../check.ts';
import { type HeldLock, heldLocks } from '../locks.ts';

const runbook = 'docs/operations.md#it-is-slow';
const idleSecondsMax = 60;
/** Of a transaction that has changed rows: the service gives up waiting for them after 2 s by default. */
const idleWriterSecondsMax = 5;
const statementSecondsMax = 60;
/** Less than the service waits before it gives up, METADATA_POSTGRES_LOCK_TIMEOUT. */
const waitSecondsMax = 1;

const since = (seconds: number): string => `${Math.round(seconds)} s`;
const hidden = (all: readonly Activity[]): string[] => {
  const count = all.filter(({ state }) => state === null).length;
  return count === 0
    ? []
    : [`${count} connections of other roles cannot be looked into: grant pg_monitor to the owner`];
};

export const activityIdleInTransaction: Check = {
  id: 'activity.idle-in-transaction',
  runbook,
  look: async (context) => judgeIdle(await activities(context)),
};

export function judgeIdle(all: readonly Activity[]): Verdict {
  const idle = all.filter(
    ({ state, stateSeconds, hasWritten }) =>
      state?.startsWith('idle in transaction') &&
      (stateSeconds ?? 0) > (hasWritten ? idleWriterSecondsMax : idleSecondsMax),
  );
  return idle.length === 0
    ? ok('No transaction is left open', hidden(all))
    : warning({
        finding: `Transactions are open and do nothing: they hold their locks, and keep VACUUM from its work`,
        evidence: idle.map(
          (each) =>
            `${activityLine(each)} for ${since(each.stateSeconds ?? 0)}${each.hasWritten ? ', and has changed rows that nobody else can change meanwhile' : ''}`,
        ),
        remedy: idle.map(({ pid }) => `select pg_terminate_backend(${pid})`).join('; '),
      });
}

export const activityLongStatements: Check = {
  id: 'activity.long-statements',
  runbook,
  look: async (context) => judgeLong(await activities(context)),
};

export function judgeLong(all: readonly Activity[]): Verdict {
  const long = all.filter(
    ({ state, stateSeconds, waitSeconds }) =>
      state === 'active' && waitSeconds === null && (stateSeconds ?? 0) > statementSecondsMax,
  );
  return long.length === 0
    ? ok('No statement runs for long', hidden(all))
    : warning({
        finding: `Statements run for more than ${statementSecondsMax} s`,
        evidence: long.map((each) => `${activityLine(each)} for ${since(each.stateSeconds ?? 0)}`),
        remedy: `if it is no backup or migration: ${long.map(({ pid }) => `select pg_cancel_backend(${pid})`).join('; ')}`,
      });
}

export const activityLocks: Check = {
  id: 'activity.locks',
  runbook,
  look: async (context) => {
    const held = await heldLocks(await context.service());
    return judgeLocks(await activities(context), held);
  },
};

/**
 * Names those at the head of the queue, who block others and wait for nobody, and those who would block whoever comes: writers
 * that gave up are not waiting any more.
 */
export function judgeLocks(all: readonly Activity[], held: readonly HeldLock[] = []): Verdict {
  const waiting = all.filter(({ waitSeconds }) => (waitSeconds ?? 0) > waitSecondsMax);
  if (waiting.length + held.length === 0) {
    return ok('Nobody waits for a lock, or holds one that keeps others out', hidden(all));
  }
  const byPid = new Map(all.map((each) => [each.pid, each]));
  const blocking = [
    ...waiting.flatMap(({ blockedBy }) => blockedBy),
    ...held.flatMap(({ pid }) => (pid === null ? [] : [pid])),
  ];
  const heads = [...new Set(blocking)].filter((pid) => (byPid.get(pid)?.blockedBy ?? []).length === 0);
  const name = (pid: number): string => {
    const known = byPid.get(pid);
    return known === undefined ? `pid ${pid}` : activityLine(known);
  };
  const holders = heads.map((pid) => `pid ${pid}`).join(', ');
  const isPrepared = held.some(({ pid }) => pid === null);
  return warning({
    finding:
      waiting.length > 0
        ? `${waiting.length} ${waiting.length === 1 ? 'connection waits' : 'connections wait'} for a lock for more than ${waitSecondsMax} s, behind ${holders || (isPrepared ? 'a prepared transaction' : 'each other')}`
        : `Whoever wants to write has to wait for ${holders || 'a prepared transaction'}: ${[...new Set(held.map(({ on }) => on))].join(', ')} ${held.length === 1 ? 'is' : 'are'} locked`,
    evidence: [
      ...heads.map((pid) => `holds it: ${name(pid)}`),
      ...held.map(
        ({ pid, on, mode }) =>
          `${pid === null ? 'a prepared transaction' : `pid ${pid}`} holds ${mode} on ${on}`,
      ),
      ...waiting.map(
        (each) =>
          `waits ${since(each.waitSeconds ?? 0)}: ${activityLine(each)}, for ${each.blockedBy.map((pid) => `pid ${pid}`).join(', ')}`,
      ),
    ],
    remedy:
      [
        ...heads.map((pid) => `select pg_terminate_backend(${pid})`),
        ...(isPrepared ? ['select gid from pg_prepared_xacts, then rollback prepared'] : []),
      ].join('; ') || 'wait: PostgreSQL ends one of them',
  });
}
