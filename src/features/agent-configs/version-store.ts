import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, type Sql, sql } from '../../platform/database/sql.ts';
import {
  type AgentConfig,
  type AgentConfigContent,
  AgentConfigVersion,
  contentFields,
  ListedVersion,
  type VersionListQuery,
} from './agent-config-schemas.ts';

const MeasuredVersion = measuredRow(ListedVersion);

const columns = sql`config_id, version, change, snapshot, created_by, created_at`;

/** What a configuration says, without what it is. */
const contentOf = (config: AgentConfig): AgentConfigContent =>
  Object.fromEntries(contentFields.map((name) => [name, config[name]])) as AgentConfigContent;

/** The statement that keeps what the configuration says now, under its version. */
export const keepVersion = (
  orgId: string,
  config: AgentConfig,
  change: AgentConfigVersion['change'],
  by: string,
): Sql =>
  sql`insert into agent_config_versions ${insertion({
    org_id: orgId,
    config_id: config.id,
    version: config.version,
    change,
    snapshot: JSON.stringify(contentOf(config)),
    created_by: by,
    created_at: config.updated_at,
  })}`;

/** The versions of an organization's agent configurations, within the tenant's scope of `db`. */
export const versionStore = (db: Queryable, orgId: string) => ({
  find: (configId: string, version: number): Promise<AgentConfigVersion | undefined> =>
    db.maybe(
      AgentConfigVersion,
      sql`select ${columns} from agent_config_versions
          where org_id = ${orgId} and config_id = ${configId} and version = ${version}`,
    ),

  /** Newest first, with what the configurations said where that is asked for. */
  page: (
    configId: string,
    { include }: Pick<VersionListQuery, 'include'>,
    rest: Sql,
  ): Promise<ListedVersion[]> => {
    const ofConfig = sql`from agent_config_versions where org_id = ${orgId} and config_id = ${configId} ${rest}`;
    return include === 'snapshot'
      ? db.many(MeasuredVersion, withinPageBytes(sql`select ${columns} ${ofConfig}`, [sql`snapshot`]))
      : db.many(ListedVersion, sql`select config_id, version, change, created_by, created_at ${ofConfig}`);
  },
});
