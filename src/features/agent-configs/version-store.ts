import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, type Sql, sql } from '../../platform/database/sql.ts';
import {
  type AgentConfig,
  type AgentConfigContent,
  AgentConfigVersion,
  contentFields,
} from './agent-config-schemas.ts';

const columns = sql`config_id, version, change, snapshot, created_by, created_at`;

/** What a configuration says, without what it is. */
const contentOf = (config: AgentConfig): AgentConfigContent =>
  Object.fromEntries(contentFields.map((name) => [name, config[name]])) as AgentConfigContent;

/** The versions of an organization's agent configurations, within the tenant's scope of `db`. */
export const versionStore = (db: Queryable, orgId: string) => ({
  find: (configId: string, version: number): Promise<AgentConfigVersion | undefined> =>
    db.maybe(
      AgentConfigVersion,
      sql`select ${columns} from agent_config_versions
          where org_id = ${orgId} and config_id = ${configId} and version = ${version}`,
    ),

  /** Newest first; `before` is the version at which the last page ended. */
  page: (configId: string, rest: Sql): Promise<AgentConfigVersion[]> =>
    db.many(
      AgentConfigVersion,
      sql`select ${columns} from agent_config_versions
          where org_id = ${orgId} and config_id = ${configId} ${rest}`,
    ),

  /** Keeps what the configuration says now, under its version. */
  keep: (config: AgentConfig, change: AgentConfigVersion['change'], by: string): Promise<number> =>
    db.run(
      sql`insert into agent_config_versions ${insertion({
        org_id: orgId,
        config_id: config.id,
        version: config.version,
        change,
        snapshot: JSON.stringify(contentOf(config)),
        created_by: by,
        created_at: config.updated_at,
      })}`,
    ),
});
