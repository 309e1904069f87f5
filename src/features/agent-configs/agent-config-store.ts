import type { Stamp } from '../../platform/changes/moment.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { idsOf, type PageRange, searchWords } from '../../platform/database/search.ts';
import { assignments, differing, insertion, type Sql, sql, when } from '../../platform/database/sql.ts';
import { AgentConfig, type AgentConfigContent, type AgentConfigListQuery } from './agent-config-schemas.ts';

const MeasuredAgentConfig = measuredRow(AgentConfig);

const columns = sql`id, org_id, org_id as organization_id, team_id, name, description, agent_type, is_active, config,
  execution_timeout_seconds, max_retries, retry_delay_seconds, triggers, conditions, tags, config_metadata, version,
  created_by, updated_by, created_at, updated_at, deleted_at, deleted_by`;

const live = (isDeletedIncluded: boolean | undefined): Sql =>
  when(!isDeletedIncluded, () => sql`and deleted_at is null`);

/** Fields as the driver takes them: a JSON list must not become an array of PostgreSQL. */
const encoded = ({ triggers, conditions, ...fields }: Partial<AgentConfigContent>) => ({
  ...fields,
  triggers: triggers && JSON.stringify(triggers),
  conditions: conditions && JSON.stringify(conditions),
});

/** How many configurations are looked through one by one before the index is asked. */
const searchWindow = 100;

/** Agent configurations of an organization, within the tenant's scope of `db`. */
export const agentConfigStore = (db: Queryable, orgId: string) => ({
  find: (id: string, isDeletedIncluded?: boolean): Promise<AgentConfig | undefined> =>
    db.maybe(
      AgentConfig,
      sql`select ${columns} from agent_configs where org_id = ${orgId} and id = ${id} ${live(isDeletedIncluded)}`,
    ),

  /** The configuration, locked until the transaction ends. */
  lock: (id: string, isDeletedIncluded?: boolean): Promise<AgentConfig | undefined> =>
    db.maybe(
      AgentConfig,
      sql`select ${columns} from agent_configs
          where org_id = ${orgId} and id = ${id} ${live(isDeletedIncluded)} for no key update`,
    ),

  page: (teamId: string, query: AgentConfigListQuery, range: PageRange): Promise<AgentConfig[]> => {
    const words = searchWords(query.q);
    const large = [sql`config`, sql`triggers`, sql`conditions`, sql`config_metadata`, sql`description`];
    const { skip, order, limit } = range;
    const rows = (selected: Sql, count: number): Sql =>
      sql`select ${selected} from agent_configs where org_id = ${orgId} and team_id = ${teamId}
          ${live(query.include_deleted)}
          ${when(query.agent_type, () => sql`and agent_type = ${query.agent_type}`)}
          ${when(query.is_active !== undefined, () => sql`and is_active = ${query.is_active}`)}
          ${skip} ${order} limit ${count}`;
    if (words.length === 0) {
      return db.many(MeasuredAgentConfig, withinPageBytes(rows(columns, limit), large));
    }
    const { agent_type, is_active, include_deleted } = query;
    const filter = { agent_type, is_active, include_deleted };
    const first = rows(sql`id, created_at as at`, searchWindow);
    const walk = sql`select id, at, row_number() over () as n from (${first}) first`;
    const search = { kind: 'agent_config', orgId, listIds: [teamId], words, filter } as const;
    return db.many(
      MeasuredAgentConfig,
      withinPageBytes(
        sql`select config.* from (${idsOf(search, walk, { ...range, isByCreation: true }, searchWindow)}) found (found_id) cross join lateral (
            select ${columns} from agent_configs where org_id = ${orgId} and id = found_id limit 1
          ) config where true ${skip} ${order} limit ${limit}`,
        large,
      ),
    );
  },

  insert: (
    id: string,
    teamId: string,
    by: string,
    fields: Partial<AgentConfigContent>,
  ): Promise<AgentConfig> =>
    db.one(
      AgentConfig,
      sql`insert into agent_configs ${insertion({
        ...encoded(fields),
        org_id: orgId,
        id,
        team_id: teamId,
        created_by: by,
        updated_by: by,
      })} returning ${columns}`,
    ),

  /** Writes and counts the version up; undefined where the configuration says so already. */
  update: (
    id: string,
    { by, at }: Stamp,
    fields: Partial<AgentConfigContent>,
  ): Promise<AgentConfig | undefined> =>
    db.maybe(
      AgentConfig,
      sql`update agent_configs set ${assignments({ ...encoded(fields), updated_by: by, updated_at: at })},
            version = version + 1
          where org_id = ${orgId} and id = ${id} and ${differing(encoded(fields))} returning ${columns}`,
    ),

  markDeleted: (id: string, { by, at }: Stamp): Promise<AgentConfig> =>
    db.one(
      AgentConfig,
      sql`update agent_configs set deleted_at = ${at}, deleted_by = ${by}, updated_by = ${by}, updated_at = ${at},
            version = version + 1
          where org_id = ${orgId} and id = ${id} returning ${columns}`,
    ),

  restore: (id: string, { by, at }: Stamp): Promise<AgentConfig> =>
    db.one(
      AgentConfig,
      sql`update agent_configs set deleted_at = null, deleted_by = null, updated_by = ${by}, updated_at = ${at},
            version = version + 1
          where org_id = ${orgId} and id = ${id} returning ${columns}`,
    ),
});
