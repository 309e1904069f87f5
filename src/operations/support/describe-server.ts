import { costliestStatements, statementLine } from '../doctor/checks/activity-slow-queries.ts';
import type { Session } from '../doctor/session.ts';

/** What helps to understand a database: sizes, settings, who is connected. No row of anybody, and no statement with a constant. */
export async function describeServer(session: Session) {
  const statements = await costliestStatements(session);
  return {
    place: session.place,
    ...(await session.row<{ version: string; size: string; startedAt: Date }>(
      `select version() as version, pg_size_pretty(pg_database_size(current_database())) as size,
              pg_postmaster_start_time() as "startedAt"`,
    )),
    extensions: await session.rows(
      `select extname as name, extversion as version from pg_extension order by 1`,
    ),
    // @NOTE no texts: a connection string or a command in one may hold a password.
    settings: await session.rows(
      `select name, setting, unit, source from pg_settings
       where source <> 'default' and vartype <> 'string' order by name`,
    ),
    tables: await session.rows(
      `select relname as name, n_live_tup::float8 as live, n_dead_tup::float8 as dead, seq_scan::float8 as "sequentialScans",
              idx_scan::float8 as "indexScans", last_autovacuum as "lastAutovacuum", last_autoanalyze as "lastAutoanalyze",
              pg_size_pretty(pg_total_relation_size(relid)) as size
       from pg_stat_user_tables order by pg_total_relation_size(relid) desc`,
    ),
    connections: await session.rows(
      `select usename as login, regexp_replace(coalesce(application_name, ''), '^brownie/.*', 'brownie-metadata-api') as application,
              state, count(*)::int as count
       from pg_stat_activity where backend_type = 'client backend' group by 1, 2, 3 order by 4 desc`,
    ),
    statements: typeof statements === 'string' ? statements : statements.map(statementLine),
  };
}
