import { type Activity, activities, activityLine } from '../activity.ts';
import { type Check, ok, type Verdict, warning } from '../check.ts';

const runbook = 'docs/operations.md#it-is-slow';
const idleSecondsMax = 60;
const statementSecondsMax = 60;
const waitSecondsMax = 5;

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
    ({ state, stateSeconds }) =>
      state?.startsWith('idle in transaction') && (stateSeconds ?? 0) > idleSecondsMax,
  );
  return idle.length === 0
    ? ok('No transaction is left open', hidden(all))
    : warning({
        finding: `Transactions are open and do nothing for more than ${idleSecondsMax} s: they hold their locks, and keep VACUUM from its work`,
        evidence: idle.map((each) => `${activityLine(each)} for ${since(each.stateSeconds ?? 0)}`),
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
  look: async (context) => judgeLocks(await activities(context)),
};

/** Names those at the head of the queue: whoever blocks others and waits for nobody. */
export function judgeLocks(all: readonly Activity[]): Verdict {
  const waiting = all.filter(({ waitSeconds }) => (waitSeconds ?? 0) > waitSecondsMax);
  if (waiting.length === 0) {
    return ok('Nobody waits for a lock', hidden(all));
  }
  const byPid = new Map(all.map((each) => [each.pid, each]));
  const heads = new Set(
    waiting
      .flatMap(({ blockedBy }) => blockedBy)
      .filter((pid) => (byPid.get(pid)?.blockedBy ?? []).length === 0),
  );
  const name = (pid: number): string => {
    const known = byPid.get(pid);
    return known === undefined ? `pid ${pid}` : activityLine(known);
  };
  return warning({
    finding: `${waiting.length} ${waiting.length === 1 ? 'connection waits' : 'connections wait'} for a lock for more than ${waitSecondsMax} s, behind ${[...heads].map((pid) => `pid ${pid}`).join(', ') || 'each other'}`,
    evidence: [
      ...[...heads].map((pid) => `holds it: ${name(pid)}`),
      ...waiting.map(
        (each) =>
          `waits ${since(each.waitSeconds ?? 0)}: ${activityLine(each)}, for ${each.blockedBy.map((pid) => `pid ${pid}`).join(', ')}`,
      ),
    ],
    remedy:
      [...heads].map((pid) => `select pg_terminate_backend(${pid})`).join('; ') ||
      'wait: PostgreSQL ends one of them',
  });
}
