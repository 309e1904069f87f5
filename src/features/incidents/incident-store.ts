import type { Stamp } from '../../platform/changes/moment.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { idsOf, type PageRange, searchWords } from '../../platform/database/search.ts';
import {
  assignments,
  column,
  differing,
  insertion,
  type Sql,
  sql,
  when,
} from '../../platform/database/sql.ts';
import type { IncidentTimes } from './incident-lifecycle.ts';
import {
  Incident,
  type IncidentListQuery,
  type IncidentUpdate,
  type OrganizationIncidentQuery,
} from './incident-schemas.ts';

const MeasuredIncident = measuredRow(Incident);

const columns = sql`id, org_id, org_id as organization_id, team_id, title, description, status, priority, assigned_to,
  tags, incident_metadata, idempotency_key, version, started_at, resolved_at, closed_at, response_time_minutes,
  resolution_time_minutes, created_by, updated_by, created_at, updated_at, deleted_at, deleted_by`;

const live = (isDeletedIncluded: boolean | undefined): Sql =>
  when(!isDeletedIncluded, () => sql`and deleted_at is null`);

type Filters = Omit<OrganizationIncidentQuery, 'sort' | 'fields'>;

/**
 * What a list is narrowed to, but for words and tags (`searched`). Conditions that choose no index are always there, with values that let
 * everything through: each text is a statement of its own on each connection.
 */
const filtered = (query: Filters): Sql => sql`
  ${live(query.include_deleted)}
  ${when(query.status, () => sql`and status = ${query.status}`)}
  ${when(query.priority, () => sql`and priority = ${query.priority}`)}
  ${when(query.assigned_to, () => sql`and assigned_to = ${query.assigned_to}`)}
  and created_at >= ${query.since ?? '-infinity'}::timestamptz
  and updated_at >= ${query.updated_since ?? '-infinity'}::timestamptz`;

const tagsOf = ({ tag = [], tags = [] }: Filters): string[] => [...tag, ...tags];
const isSearch = (query: Filters): boolean => searchWords(query.q).length + tagsOf(query).length > 0;

/**
 * How many incidents of a team are looked through one by one before the index is asked: of one team, of several, and of those that an index
 * tells by another filter, for these are few more often than not.
 */
const windows = { team: 100, organization: 30, filtered: 300 };

interface ListRange extends PageRange {
  readonly by: 'created_at' | 'updated_at';
}

const among = (orgId: string, teamIds: readonly string[] | 'all'): Sql =>
  sql`team.org_id = ${orgId} ${when(teamIds !== 'all', () => sql`and team.id = any(${teamIds}::uuid[])`)}`;

/** The page of those that have all words and tags. */
function searched(orgId: string, teamIds: readonly string[] | 'all', query: Filters, range: ListRange): Sql {
  const { status, priority, assigned_to, since, updated_since, include_deleted } = query;
  const isFiltered = (status ?? priority ?? assigned_to) !== undefined;
  const isOfOneTeam = teamIds !== 'all' && teamIds.length === 1;
  const window = isFiltered ? windows.filtered : isOfOneTeam ? windows.team : windows.organization;
  const walk = sql`
    select incident.* from teams team cross join lateral (
      select id, at, row_number() over () as n from (
        select id, ${column(range.by)} as at from incidents where org_id = ${orgId} and team_id = team.id ${filtered(query)}
        ${range.skip} ${range.order} limit ${window}
      ) first
    ) incident
    where ${among(orgId, teamIds)}`;
  const search = {
    kind: 'incident',
    orgId,
    listIds: teamIds === 'all' ? [orgId] : teamIds,
    words: searchWords(query.q),
    tags: tagsOf(query),
    filter: { status, priority, assigned_to, since, updated_since, include_deleted },
  } as const;
  const ids = idsOf(search, walk, { ...range, isByCreation: range.by === 'created_at' }, window);
  return sql`select incident.* from (${ids}) found (found_id) cross join lateral (
      select ${columns} from incidents where org_id = ${orgId} and id = found_id limit 1
    ) incident where true ${range.skip} ${range.order} limit ${range.limit}`;
}

type Fields = Omit<IncidentUpdate, 'organization_id' | 'team_id'>;

/** Incidents of an organization, within the tenant's scope of `db`. */
export const incidentStore = (db: Queryable, orgId: string) => ({
  find: (id: string, isDeletedIncluded?: boolean): Promise<Incident | undefined> =>
    db.maybe(
      Incident,
      sql`select ${columns} from incidents where org_id = ${orgId} and id = ${id} ${live(isDeletedIncluded)}`,
    ),

  /** The incident, locked until the transaction ends. */
  lock: (id: string, isDeletedIncluded?: boolean): Promise<Incident | undefined> =>
    db.maybe(
      Incident,
      sql`select ${columns} from incidents
          where org_id = ${orgId} and id = ${id} ${live(isDeletedIncluded)} for no key update`,
    ),

  byIdempotencyKey: (key: string): Promise<Incident | undefined> =>
    db.maybe(
      Incident,
      sql`select ${columns} from incidents
          where org_id = ${orgId} and idempotency_key = ${key} and deleted_at is null`,
    ),

  page: (teamId: string, query: IncidentListQuery, range: PageRange): Promise<Incident[]> =>
    db.many(
      MeasuredIncident,
      withinPageBytes(
        isSearch(query)
          ? searched(orgId, [teamId], query, { ...range, by: 'created_at' })
          : sql`select ${columns} from incidents where org_id = ${orgId} and team_id = ${teamId}
              ${live(query.include_deleted)}
              ${when(query.status, () => sql`and status = ${query.status}`)}
              ${when(query.priority, () => sql`and priority = ${query.priority}`)}
              ${when(query.assigned_to, () => sql`and assigned_to = ${query.assigned_to}`)}
              ${when(query.since, () => sql`and created_at >= ${query.since}`)}
              ${range.skip} ${range.order} limit ${range.limit}`,
        [sql`incident_metadata`, sql`description`, sql`tags`],
      ),
    ),

  /**
   * Of all teams of the organization, or of those named: the page of each, from its index, and of those the page.
   * @NOTE not `team_id = any(…)`, which reads and sorts the incidents of all these teams.
   */
  pageOfTeams: (teamIds: readonly string[] | 'all', query: Filters, range: ListRange): Promise<Incident[]> =>
    db.many(
      MeasuredIncident,
      withinPageBytes(
        isSearch(query)
          ? searched(orgId, teamIds, query, range)
          : sql`select incident.* from teams team cross join lateral (
                select ${columns} from incidents where org_id = ${orgId} and team_id = team.id ${filtered(query)}
                ${range.skip} ${range.order} limit ${range.limit}
              ) incident
              where ${among(orgId, teamIds)} ${range.order} limit ${range.limit}`,
        [sql`incident_metadata`, sql`description`, sql`tags`],
      ),
    ),

  /** Inserts; undefined where the organization has an incident with this idempotency key already. */
  insert: (row: Fields & Partial<IncidentTimes> & { id: string; team_id: string; created_by: string }) =>
    db.maybe(
      Incident,
      sql`insert into incidents ${insertion({
        ...row,
        org_id: orgId,
        updated_by: row.created_by,
      })}
          on conflict (org_id, idempotency_key) where idempotency_key is not null and deleted_at is null do nothing
          returning ${columns}`,
    ),

  /** Writes the fields and the times that follow from them; undefined where the incident says so already. */
  update: (
    id: string,
    { by, at }: Stamp,
    fields: Fields,
    times: IncidentTimes,
  ): Promise<Incident | undefined> =>
    db.maybe(
      Incident,
      sql`update incidents set ${assignments({ ...fields, ...times, updated_by: by, updated_at: at })}, version = version + 1
          where org_id = ${orgId} and id = ${id} and ${differing(fields)} returning ${columns}`,
    ),

  markDeleted: (id: string, { by, at }: Stamp): Promise<Incident> =>
    db.one(
      Incident,
      sql`update incidents set deleted_at = ${at}, deleted_by = ${by}, updated_by = ${by}, updated_at = ${at},
            version = version + 1
          where org_id = ${orgId} and id = ${id} returning ${columns}`,
    ),

  restore: (id: string, { by, at }: Stamp): Promise<Incident> =>
    db.one(
      Incident,
      sql`update incidents set deleted_at = null, deleted_by = null, updated_by = ${by}, updated_at = ${at},
            version = version + 1
          where org_id = ${orgId} and id = ${id} returning ${columns}`,
    ),

  /** True where the user can be given work: a member of the organization, active, not deleted. */
  isAssignable: async (userId: string): Promise<boolean> =>
    (await db.run(
      sql`select from organization_memberships m join users u on u.id = m.user_id
          where m.org_id = ${orgId} and m.user_id = ${userId} and u.is_active and u.deleted_at is null`,
    )) === 1,
});
