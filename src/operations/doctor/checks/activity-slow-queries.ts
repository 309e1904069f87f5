import { type Check, ok, unknown, type Verdict, warning } from '../check.ts';
import type { Session } from '../session.ts';

export interface StatementCost {
  readonly calls: number;
  /** Milliseconds, as the following. */
  readonly total: number;
  readonly mean: number;
  /** Constants taken out by PostgreSQL; cut. */
  readonly query: string;
}

const meanMsMax = 500;
const callsMin = 3;

/**
 * The ten statements of the service that cost most since the statistics were reset; a reason where they cannot be had.
 * @NOTE only statements on rows: PostgreSQL takes the constants out of those, and a password out of no `create role`.
 */
export async function costliestStatements(session: Session): Promise<readonly StatementCost[] | string> {
  const { isThere, isLoaded } = await session.row<{ isThere: boolean; isLoaded: boolean }>(
    `select exists (select from pg_extension where extname = 'pg_stat_statements') as "isThere",
            exists (select from pg_settings where name = 'pg_stat_statements.max') as "isLoaded"`,
  );
  if (!isThere || !isLoaded) {
    return isThere
      ? 'pg_stat_statements is not in shared_preload_libraries of the server'
      : 'the extension pg_stat_statements is not installed in this database';
  }
  return await session.rows<StatementCost>(
    `select calls::float8 as calls, total_exec_time as total, mean_exec_time as mean,
            left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as query
     from pg_stat_statements
     where userid = (select oid from pg_roles where rolname = session_user)
       and dbid = (select oid from pg_database where datname = current_database())
       and query ~* '^\\s*(select|insert|update|delete|with|merge)\\M'
     order by total_exec_time desc limit 10`,
  );
}

export const statementLine = ({ calls, total, mean, query }: StatementCost): string =>
  `${Math.round(total)} ms in ${calls} calls, ${mean.toFixed(1)} ms each: ${query}`;

export const activitySlowQueries: Check = {
  id: 'activity.slow-queries',
  runbook: 'docs/operations.md#it-is-slow',
  async look(context) {
    const statements = await costliestStatements(await context.service());
    return typeof statements === 'string'
      ? unknown(
          `slow queries are not counted: ${statements}`,
          'shared_preload_libraries = pg_stat_statements, a restart; then, as a superuser in this database: create extension pg_stat_statements',
        )
      : judgeStatements(statements);
  },
};

export function judgeStatements(statements: readonly StatementCost[]): Verdict {
  const slow = statements.filter(({ calls, mean }) => calls >= callsMin && mean > meanMsMax);
  return slow.length === 0
    ? ok('No statement of the service is slow', statements.slice(0, 3).map(statementLine))
    : warning({
        finding: `Statements of the service take more than ${meanMsMax} ms on average`,
        about: 'speed',
        evidence: slow.map(statementLine),
        remedy:
          'explain (analyze, buffers) it, see the indexes (brownie doctor --only tables); once mended: select pg_stat_statements_reset()',
      });
}
