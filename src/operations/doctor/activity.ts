import type { DoctorContext } from './doctor-context.ts';

/** What a connection to the database is doing. */
export interface Activity {
  readonly pid: number;
  readonly user: string;
  /** `brownie/<request id>` where it works for a request. */
  readonly application: string;
  /** Null where our logins may not see it, as the three that follow. */
  readonly state: string | null;
  /** Whether its transaction has changed something: it holds the rows until it ends. */
  readonly hasWritten: boolean;
  /** Since its transaction began, and since its statement did or its state changed. */
  readonly transactionSeconds: number | null;
  readonly stateSeconds: number | null;
  /** Whom it waits for. */
  readonly blockedBy: readonly number[];
  /** How long it has been waiting for a lock. */
  readonly waitSeconds: number | null;
}

const question = `
  select a.pid, coalesce(a.usename, '?') as user, coalesce(a.application_name, '') as application, a.state, a.backend_xid is not null as "hasWritten",
         extract(epoch from clock_timestamp() - a.xact_start)::float8 as "transactionSeconds",
         extract(epoch from clock_timestamp() - case when a.state = 'active' then a.query_start else a.state_change end)::float8
           as "stateSeconds",
         pg_blocking_pids(a.pid) as "blockedBy",
         (select extract(epoch from clock_timestamp() - min(l.waitstart))::float8 from pg_locks l
          where l.pid = a.pid and not l.granted) as "waitSeconds"
  from pg_stat_activity a
  where a.datname = current_database() and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()`;

/**
 * The connections to the database, but ours. @NOTE a login sees what connections of its own roles are doing, not of others
 * (those with pg_monitor see all): what one of our two logins does not see, the other may.
 */
export async function activities(context: DoctorContext): Promise<readonly Activity[]> {
  const seen = new Map<number, Activity>();
  const sessions = new Set([await context.service(), await context.owner().catch(() => context.service())]);
  for (const session of sessions) {
    for (const activity of await session.rows<Activity>(question)) {
      if (activity.application !== 'brownie-doctor' && (seen.get(activity.pid)?.state ?? null) === null) {
        seen.set(activity.pid, activity);
      }
    }
  }
  return [...seen.values()];
}

/** A connection as people are told of it. @NOTE never its statement: that may hold anybody's data. */
export const activityLine = ({ pid, user, application, state }: Activity): string =>
  `pid ${pid}, ${user}${application === '' ? '' : `, ${application}`}${state === null ? '' : `, ${state}`}`;
