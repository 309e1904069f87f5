import type { Stamp } from '../../platform/changes/moment.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
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

  page: (teamId: string, query: AgentConfigListQuery, rest: Sql): Promise<AgentConfig[]> =>
    db.many(
      MeasuredAgentConfig,
      withinPageBytes(
        sql`select ${columns} from agent_configs where org_id = ${orgId} and team_id = ${teamId}
          ${live(query.include_deleted)}
          ${when(query.agent_type, () => sql`and agent_type = ${query.agent_type}`)}
          ${when(query.is_active !== undefined, () => sql`and is_active = ${query.is_active}`)}
          ${rest}`,
        [sql`config`, sql`triggers`, sql`conditions`, sql`config_metadata`, sql`description`],
      ),
    ),

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
