import type { Stamp } from '../../platform/changes/moment.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { assignments, differing, insertion, type Sql, sql, when } from '../../platform/database/sql.ts';
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

/** Text for ILIKE that matches itself only. */
const containing = (text = ''): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/**
 * What a list is narrowed to. Conditions that choose no index are always there, with values that let everything through:
 * each text is a statement of its own on each connection.
 */
const filtered = (query: Omit<OrganizationIncidentQuery, 'sort' | 'fields'>): Sql => sql`
  ${live(query.include_deleted)}
  ${when(query.status, () => sql`and status = ${query.status}`)}
  ${when(query.priority, () => sql`and priority = ${query.priority}`)}
  and created_at >= ${query.since ?? '-infinity'}::timestamptz
  and updated_at >= ${query.updated_since ?? '-infinity'}::timestamptz
  and (${query.assigned_to ?? null}::uuid is null or assigned_to = ${query.assigned_to ?? null})
  and tags @> ${query.tags ?? []}::text[]
  and (${query.q ?? null}::text is null or title ilike ${containing(query.q)} or description ilike ${containing(query.q)})`;

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

  page: (teamId: string, query: IncidentListQuery, rest: Sql): Promise<Incident[]> =>
    db.many(
      MeasuredIncident,
      withinPageBytes(
        sql`select ${columns} from incidents where org_id = ${orgId} and team_id = ${teamId}
          ${live(query.include_deleted)}
          ${when(query.status, () => sql`and status = ${query.status}`)}
          ${when(query.priority, () => sql`and priority = ${query.priority}`)}
          ${when(query.since, () => sql`and created_at >= ${query.since}`)}
          ${when(query.q, () => {
            const pattern = containing(query.q ?? '');
            return sql`and (title ilike ${pattern} or description ilike ${pattern})`;
          })}
          ${rest}`,
        [sql`incident_metadata`, sql`description`, sql`tags`],
      ),
    ),

  /**
   * Of all teams of the organization, or of those named: the page of each, from its index, and of those the page.
   * @NOTE not `team_id = any(…)`, which reads and sorts the incidents of all these teams.
   */
  pageOfTeams: (
    teamIds: readonly string[] | 'all',
    query: Omit<OrganizationIncidentQuery, 'sort' | 'fields'>,
    rest: Sql,
    orderAndLimit: Sql,
  ): Promise<Incident[]> =>
    db.many(
      MeasuredIncident,
      withinPageBytes(
        sql`select incident.* from teams team cross join lateral (
            select ${columns} from incidents where org_id = ${orgId} and team_id = team.id ${filtered(query)} ${rest}
          ) incident
          where team.org_id = ${orgId} ${when(teamIds !== 'all', () => sql`and team.id = any(${teamIds}::uuid[])`)}
          ${orderAndLimit}`,
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
