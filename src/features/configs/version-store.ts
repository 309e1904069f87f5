import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, type Sql, sql } from '../../platform/database/sql.ts';
import {
  type ConfigContent,
  type Configuration,
  ConfigurationVersion,
  contentFields,
} from './config-schemas.ts';
import { ListedVersion, type VersionListQuery } from './version-schemas.ts';

const MeasuredVersion = measuredRow(ListedVersion);

const columns = sql`config_id, version, change, state, snapshot, created_by, created_at`;

/** What a configuration says, without what it is. */
const contentOf = (config: Configuration): ConfigContent =>
  Object.fromEntries(contentFields.map((name) => [name, config[name]])) as ConfigContent;

/** The statement that keeps what the configuration says now, under its version. */
export const keepVersion = (
  orgId: string,
  config: Configuration,
  change: ConfigurationVersion['change'],
  by: string,
): Sql =>
  sql`insert into config_versions ${insertion({
    org_id: orgId,
    config_id: config.id,
    version: config.version,
    change,
    state: config.state,
    snapshot: JSON.stringify(contentOf(config)),
    created_by: by,
    created_at: config.updated_at,
  })}`;

/** The versions of an organization's configurations, within the tenant's scope of `db`. */
export const versionStore = (db: Queryable, orgId: string) => ({
  find: (configId: string, version: number): Promise<ConfigurationVersion | undefined> =>
    db.maybe(
      ConfigurationVersion,
      sql`select ${columns} from config_versions
          where org_id = ${orgId} and config_id = ${configId} and version = ${version}`,
    ),

  /** Newest first, with what the configurations said where that is asked for. */
  page: (
    configId: string,
    { include }: Pick<VersionListQuery, 'include'>,
    rest: Sql,
  ): Promise<ListedVersion[]> => {
    const ofConfig = sql`from config_versions where org_id = ${orgId} and config_id = ${configId} ${rest}`;
    return include === 'snapshot'
      ? db.many(MeasuredVersion, withinPageBytes(sql`select ${columns} ${ofConfig}`, [sql`snapshot`]))
      : db.many(
          ListedVersion,
          sql`select config_id, version, change, state, created_by, created_at ${ofConfig}`,
        );
  },
});
