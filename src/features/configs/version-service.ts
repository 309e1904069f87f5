import type { Caller } from '../../platform/auth/caller.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Cursors, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { withoutSecrets } from '../agent-configs/index.ts';
import { authorizedConfig, changeConfig, type Meant } from './change-config.ts';
import type { Configuration, ConfigurationVersion } from './config-schemas.ts';
import { writeContent } from './config-service.ts';
import { jsonPatch } from './json-patch.ts';
import type { ConfigurationDiff, DiffQuery, ListedVersion, VersionListQuery } from './version-schemas.ts';
import { versionStore } from './version-store.ts';

export interface ConfigVersionServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
}

/** What configurations said before, what changed, and the way back. */
export class ConfigVersionService {
  readonly #db: Database;
  readonly #cursors: Cursors;

  constructor({ db, cursors }: ConfigVersionServiceOptions) {
    this.#db = db;
    this.#cursors = cursors;
  }

  async list(caller: Caller, configId: string, query: VersionListQuery): Promise<Page<ListedVersion>> {
    const { org_id: orgId } = await authorizedConfig(this.#db, caller, configId);
    const versions = versionStore(this.#db.read({ orgId }, true, caller), orgId);
    return await paginate<typeof ListedVersion>({
      cursors: this.#cursors,
      list: listName('config-versions', { configId, ...query }),
      query,
      key: { at: sql`created_at`, id: sql`version`, idType: sql`integer` },
      positionOf: (version) => ({ at: version.created_at, id: String(version.version) }),
      fetch: async (rest) => (await versions.page(configId, query, rest)).map(shown),
    });
  }

  async get(caller: Caller, configId: string, number: number): Promise<ConfigurationVersion> {
    const { org_id: orgId } = await authorizedConfig(this.#db, caller, configId);
    return shown(found(await versionStore(this.#db.within({ orgId }), orgId).find(configId, number)));
  }

  /** What changed between two versions: what the last change did, where nothing else is asked for. */
  async diff(caller: Caller, configId: string, query: DiffQuery): Promise<ConfigurationDiff> {
    const { org_id: orgId, version } = await authorizedConfig(this.#db, caller, configId);
    const to = query.to ?? version;
    const from = query.from ?? Math.max(1, to - 1);
    const versions = versionStore(this.#db.within({ orgId }), orgId);
    const [before, after] = await Promise.all([versions.find(configId, from), versions.find(configId, to)]);
    const { snapshot } = found(after);
    const patch = jsonPatch(found(before).snapshot, snapshot, withoutSecrets(snapshot));
    return { config_id: configId, from, to, patch };
  }

  /** Makes an earlier version's content current again, as a new version; the state stays. 409 where it is current already. */
  async rollBack(caller: Caller, meant: Meant, to: number): Promise<Configuration> {
    return await changeConfig(this.#db, caller, meant, 'rolled_back', async (locked) => {
      const { tx, orgId } = locked;
      const { snapshot } = found(await versionStore(tx, orgId).find(meant.id, to));
      const after = await writeContent(locked, snapshot);
      if (after === undefined) {
        throw new ApiError('config.already_current');
      }
      return after;
    });
  }
}

function found(version: ConfigurationVersion | undefined): ConfigurationVersion {
  if (version === undefined) {
    throw new ApiError('config.version_not_found');
  }
  return version;
}

/** A version without the secrets of its snapshot. */
const shown = <Version extends ListedVersion>(version: Version): Version =>
  version.snapshot === undefined ? version : { ...version, snapshot: withoutSecrets(version.snapshot) };
