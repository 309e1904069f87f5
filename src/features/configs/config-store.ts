import { Type } from 'typebox';
import type { Stamp } from '../../platform/changes/moment.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { assignments, differing, insertion, type Sql, sql, when } from '../../platform/database/sql.ts';
import { Configuration, type ConfigurationListQuery } from './config-schemas.ts';

const Taken = Type.Object({ count: Type.Integer(), weight: Type.Integer() });
const MeasuredConfiguration = measuredRow(Configuration);

const columns = sql`id, org_id, org_id as organization_id, layer, team_id, name, description, state, priority, match, config, version,
  created_by, updated_by, created_at, updated_at, deleted_at, deleted_by`;

const live = (isDeletedIncluded: boolean | undefined): Sql =>
  when(!isDeletedIncluded, () => sql`and deleted_at is null`);

/** What of a configuration is written. */
export type Written = Partial<
  Pick<
    Configuration,
    'name' | 'description' | 'priority' | 'match' | 'config' | 'state' | 'deleted_at' | 'deleted_by'
  >
> & { readonly weight?: number };

/** Configurations of an organization, within the tenant's scope of `db`. */
export const configStore = (db: Queryable, orgId: string) => ({
  find: (id: string, isDeletedIncluded?: boolean): Promise<Configuration | undefined> =>
    db.maybe(
      Configuration,
      sql`select ${columns} from configs where org_id = ${orgId} and id = ${id} ${live(isDeletedIncluded)}`,
    ),

  /** The configuration, locked until the transaction ends. */
  lock: (id: string, isDeletedIncluded?: boolean): Promise<Configuration | undefined> =>
    db.maybe(
      Configuration,
      sql`select ${columns} from configs
          where org_id = ${orgId} and id = ${id} ${live(isDeletedIncluded)} for no key update`,
    ),

  /** Newest first; those of teams only of these teams. */
  page: (
    teamIds: readonly string[] | 'all',
    query: ConfigurationListQuery,
    rest: Sql,
  ): Promise<Configuration[]> =>
    db.many(
      MeasuredConfiguration,
      withinPageBytes(
        sql`select ${columns} from configs where org_id = ${orgId} ${live(query.include_deleted)}
            ${when(query.layer, () => sql`and layer = ${query.layer}`)}
            ${when(query.state, () => sql`and state = ${query.state}`)}
            ${when(query.team_id, () => sql`and team_id = ${query.team_id}`)}
            ${when(teamIds !== 'all', () => sql`and (team_id is null or team_id = any(${teamIds}::uuid[]))`)} ${rest}`,
        [sql`config`, sql`description`],
      ),
    ),

  /** How many there are, the deleted aside, and what those that are not archived weigh; see `weight.ts`. */
  taken: () =>
    db.one(
      Taken,
      sql`select count(*)::int as count, coalesce(sum(weight) filter (where state <> 'archived'), 0)::int as weight
          from configs where org_id = ${orgId} and deleted_at is null`,
    ),

  insert: (
    id: string,
    by: string,
    fields: Written & Pick<Configuration, 'layer' | 'team_id' | 'name'>,
  ): Promise<Configuration> =>
    db.one(
      Configuration,
      sql`insert into configs ${insertion({ ...fields, org_id: orgId, id, created_by: by, updated_by: by })}
          returning ${columns}`,
    ),

  /** Writes and counts the version up; undefined where the configuration says so already. */
  update: (
    id: string,
    { by, at }: Stamp,
    { weight, ...fields }: Written,
  ): Promise<Configuration | undefined> =>
    db.maybe(
      Configuration,
      sql`update configs set ${assignments({ ...fields, weight, updated_by: by, updated_at: at })}, version = version + 1
          where org_id = ${orgId} and id = ${id} and ${differing(fields)} returning ${columns}`,
    ),
});

/** The statement that gives the configurations of an organization another revision: whoever keeps layers reads them anew. */
export const anotherRevision = (orgId: string): Sql =>
  sql`insert into config_revisions (org_id, revision) values (${orgId}, gen_random_uuid())
      on conflict (org_id) do update set revision = excluded.revision`;
