import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, type Sql, sql, when } from '../../platform/database/sql.ts';
import { exactTime } from './exact-time.ts';
import { type NewStat, Stat, type StatListQuery } from './stats-schemas.ts';

const MeasuredStat = measuredRow(Stat);

const columns = sql`id, org_id, org_id as organization_id, team_id, metric_name, metric_type, value, count,
  coalesce(measured_at, "timestamp") as "timestamp", time_window, labels, description, unit, created_at, updated_at`;

const filtered = (query: StatListQuery): Sql => sql`
  ${when(query.metric_name, () => sql`and metric_name = ${query.metric_name}`)}
  ${when(query.metric_type, () => sql`and metric_type = ${query.metric_type}`)}
  ${when(query.since, () => since(query.since ?? ''))}
  ${when(query.until, () => until(query.until ?? ''))}`;

/** The milliseconds first, for the index; then what they leave out. */
function since(text: string): Sql {
  const { milliseconds, exact } = exactTime(text);
  return sql`and "timestamp" >= ${milliseconds} ${when(exact, () => sql`and coalesce(measured_at, "timestamp") >= ${exact}`)}`;
}

function until(text: string): Sql {
  const { milliseconds, exact } = exactTime(text);
  return exact === null
    ? sql`and "timestamp" < ${milliseconds}`
    : sql`and "timestamp" <= ${milliseconds} and coalesce(measured_at, "timestamp") < ${exact}`;
}

/** Statistics of an organization, within the tenant's scope of `db`. */
export const statsStore = (db: Queryable, orgId: string) => ({
  find: (id: string): Promise<Stat | undefined> =>
    db.maybe(Stat, sql`select ${columns} from stats where org_id = ${orgId} and id = ${id}`),

  pageOfTeam: (teamId: string, query: StatListQuery, rest: Sql): Promise<Stat[]> =>
    db.many(
      MeasuredStat,
      withinPageBytes(
        sql`select ${columns} from stats where org_id = ${orgId} and team_id = ${teamId} ${filtered(query)} ${rest}`,
        [sql`labels`, sql`description`],
      ),
    ),

  /** Of all teams of the organization, or of those named. */
  pageOfOrganization: (
    teamIds: readonly string[] | 'all',
    query: StatListQuery,
    rest: Sql,
  ): Promise<Stat[]> =>
    db.many(
      MeasuredStat,
      withinPageBytes(
        sql`select ${columns} from stats where org_id = ${orgId}
          ${when(teamIds !== 'all', () => sql`and team_id = any(${teamIds}::uuid[])`)} ${filtered(query)} ${rest}`,
        [sql`labels`, sql`description`],
      ),
    ),

  insert: ({
    timestamp,
    ...row
  }: Omit<NewStat, 'organization_id'> & {
    id: string;
    team_id: string;
    created_by: string;
  }): Promise<Stat> => {
    const { milliseconds, exact } = timestamp === undefined ? {} : exactTime(timestamp);
    const fields = { ...row, org_id: orgId, timestamp: milliseconds, measured_at: exact ?? undefined };
    return db.one(Stat, sql`insert into stats ${insertion(fields)} returning ${columns}`);
  },

  delete: (id: string): Promise<Stat | undefined> =>
    db.maybe(Stat, sql`delete from stats where org_id = ${orgId} and id = ${id} returning ${columns}`),
});
