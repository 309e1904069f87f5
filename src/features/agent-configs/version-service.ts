import type { Caller } from '../../platform/auth/caller.ts';
import { change } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Cursors, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { requireVersion } from '../../platform/http/precondition.ts';
import type {
  AgentConfig,
  AgentConfigVersion,
  ListedVersion,
  VersionListQuery,
} from './agent-config-schemas.ts';
import type { AgentConfigService } from './agent-config-service.ts';
import { agentConfigStore } from './agent-config-store.ts';
import { auditEntry, lockedConfig, stampOf } from './config-change.ts';
import { withoutSecrets } from './config-secrets.ts';
import { keepVersion, versionStore } from './version-store.ts';

export interface VersionServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly configs: AgentConfigService;
}

/** What agent configurations said before, and the way back. */
export class VersionService {
  readonly #options: VersionServiceOptions;

  constructor(options: VersionServiceOptions) {
    this.#options = options;
  }

  async list(caller: Caller, configId: string, query: VersionListQuery): Promise<Page<ListedVersion>> {
    const { db, cursors, configs } = this.#options;
    const { org_id: orgId } = await configs.authorized(caller, configId);
    const versions = versionStore(db.read({ orgId }, true, caller), orgId);
    return await paginate<typeof ListedVersion>({
      cursors,
      list: listName('agent-config-versions', { configId, ...query }),
      query,
      key: { at: sql`created_at`, id: sql`version`, idType: sql`integer` },
      positionOf: (version) => ({ at: version.created_at, id: String(version.version) }),
      fetch: async (rest) => (await versions.page(configId, query, rest)).map(shown),
    });
  }

  async get(caller: Caller, configId: string, number: number): Promise<AgentConfigVersion> {
    const { db, configs } = this.#options;
    const { org_id: orgId } = await configs.authorized(caller, configId);
    const version = await versionStore(db.within({ orgId }), orgId).find(configId, number);
    if (version === undefined) {
      throw new ApiError('agent_config.version_not_found');
    }
    return shown(version);
  }

  /** Makes an earlier version's content current again, as a new version. 409 where it is current already. */
  async rollBack(
    caller: Caller,
    configId: string,
    to: number,
    ifMatch: number | undefined,
  ): Promise<AgentConfig> {
    const { db, configs } = this.#options;
    const { org_id: orgId } = await configs.authorized(caller, configId);
    return await change(db, caller, orgId, async (tx, record) => {
      const before = await lockedConfig(tx, orgId, configId);
      requireVersion(ifMatch, before.version);
      const target = await versionStore(tx, orgId).find(configId, to);
      if (target === undefined) {
        throw new ApiError('agent_config.version_not_found');
      }
      const stamp = await stampOf(tx, caller, before);
      const after = await agentConfigStore(tx, orgId).update(configId, stamp, target.snapshot);
      if (after === undefined) {
        throw new ApiError('agent_config.already_current');
      }
      tx.later(keepVersion(orgId, after, 'rolled_back', caller.userId));
      record(auditEntry('agent_config.rolled_back', after, { at: stamp.at, before, after }));
      return withoutSecrets(after);
    });
  }
}

/** A version without the secrets of its snapshot. */
const shown = <Version extends ListedVersion>(version: Version): Version =>
  version.snapshot === undefined ? version : { ...version, snapshot: withoutSecrets(version.snapshot) };
