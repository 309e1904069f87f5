import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { isOrganizationAdmin } from '../../platform/auth/principal.ts';
import { change } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { ErrorCode } from '../../platform/errors/catalogue.ts';
import { type Cursors, listName, newestFirst, type Page, paginate } from '../../platform/http/cursor.ts';
import { withoutSecrets, withStoredSecrets } from '../agent-configs/index.ts';
import { teamStore } from '../teams/index.ts';
import {
  authorizedConfig,
  changeConfig,
  type Locked,
  leave,
  type Meant,
  requirePersonForTeam,
} from './change-config.ts';
import { mismatch, requireFitting, requirePatterns, requireRoom } from './config-rules.ts';
import {
  type Configuration,
  type ConfigurationListQuery,
  type ConfigurationQuery,
  type ConfigurationUpdate,
  type NewConfiguration,
  versionsMax,
} from './config-schemas.ts';
import { configStore, type Written } from './config-store.ts';
import { weightOf } from './weight.ts';

export interface ConfigServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
}

type State = Configuration['state'];

/** Configurations in layers, and what becomes of them: docs/adr/0050-hierarchical-configurations.md. */
export class ConfigService {
  readonly #db: Database;
  readonly #cursors: Cursors;

  constructor({ db, cursors }: ConfigServiceOptions) {
    this.#db = db;
    this.#cursors = cursors;
  }

  async create(caller: Caller, orgId: string, draft: NewConfiguration): Promise<Configuration> {
    const teamId = draft.team_id?.toLowerCase() ?? null;
    caller.authorize({ orgId, teamId });
    requirePersonForTeam(caller, { team_id: teamId });
    requireFitting(draft);
    requirePatterns(draft.match);
    const content = withStoredSecrets({ ...draft, config: draft.config ?? {} });
    const weight = weightOf(content);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      await requireRoom(tx, orgId, { count: 1, weight });
      if (teamId !== null && (await teamStore(tx, orgId).find(teamId)) === undefined) {
        throw new ApiError('team.not_found');
      }
      const fields = { ...content, team_id: teamId, weight };
      const made = await configStore(tx, orgId).insert(uuidv7(), caller.userId, fields);
      record(leave(tx, made, 'created', { at: made.created_at, by: caller.userId }));
      return withoutSecrets(made);
    });
  }

  /** Those of the organization, and those of the teams that the caller may read. */
  async list(caller: Caller, orgId: string, query: ConfigurationListQuery): Promise<Page<Configuration>> {
    const principal = await caller.pending.known();
    caller.authorize({ orgId });
    if (query.include_deleted) {
      caller.requireAdmin({ orgId });
    }
    const teamIds = isOrganizationAdmin(principal, orgId) ? 'all' : [...principal.teams.keys()];
    const configs = configStore(this.#db.read({ orgId }, true, caller), orgId);
    return await paginate<typeof Configuration>({
      cursors: this.#cursors,
      list: listName('configs', { orgId, ...query }),
      query,
      key: newestFirst,
      positionOf: (config) => ({ at: config.created_at, id: config.id }),
      fetch: async (rest) => (await configs.page(teamIds, query, rest)).map(withoutSecrets),
    });
  }

  async get(caller: Caller, id: string, query: ConfigurationQuery): Promise<Configuration> {
    const config = await authorizedConfig(this.#db, caller, id, query.include_deleted);
    if (query.include_deleted || query.include === 'secrets') {
      caller.requireAdmin({ orgId: config.org_id, teamId: config.team_id });
    }
    return query.include === 'secrets' ? config : withoutSecrets(config);
  }

  async update(caller: Caller, meant: Meant, update: ConfigurationUpdate): Promise<Configuration> {
    const checked = { ...meant, check: () => requirePatterns(update.match) };
    return await changeConfig(this.#db, caller, checked, 'updated', async (locked) => {
      if (update.match !== undefined && locked.before.layer !== 'alert') {
        throw mismatch('/match', locked.before.layer);
      }
      return await writeContent(locked, withStoredSecrets(update, locked.before));
    });
  }

  publish(caller: Caller, meant: Meant): Promise<Configuration> {
    return this.#enter(caller, meant, 'active', 'published', ({ state }) =>
      state === 'draft' ? undefined : 'config.not_draft',
    );
  }

  deprecate(caller: Caller, meant: Meant): Promise<Configuration> {
    return this.#enter(caller, meant, 'deprecated', 'deprecated', ({ state }) =>
      state === 'active' ? undefined : 'config.not_active',
    );
  }

  archive(caller: Caller, meant: Meant): Promise<Configuration> {
    return this.#enter(caller, meant, 'archived', 'archived', ({ state }) =>
      state === 'archived' ? 'config.archived' : undefined,
    );
  }

  async delete(caller: Caller, meant: Meant): Promise<void> {
    await changeConfig(this.#db, caller, meant, 'deleted', ({ tx, orgId, before, stamp }) =>
      configStore(tx, orgId).update(before.id, stamp, { deleted_at: stamp.at, deleted_by: stamp.by }),
    );
  }

  async restore(caller: Caller, meant: Meant): Promise<Configuration> {
    const options = { ...meant, isDeletedIncluded: true };
    return await changeConfig(this.#db, caller, options, 'restored', async ({ tx, orgId, before, stamp }) => {
      if (before.deleted_at === null) {
        throw new ApiError('config.not_deleted');
      }
      const weight = before.state === 'archived' ? 0 : weightOf(before);
      await requireRoom(tx, orgId, { count: 1, weight });
      return await configStore(tx, orgId).update(before.id, stamp, { deleted_at: null, deleted_by: null });
    });
  }

  #enter(
    caller: Caller,
    meant: Meant,
    state: State,
    done: 'published' | 'deprecated' | 'archived',
    refusal: (before: Configuration) => ErrorCode | undefined,
  ): Promise<Configuration> {
    return changeConfig(this.#db, caller, meant, done, async ({ tx, orgId, before, stamp }) => {
      const code = refusal(before);
      if (code !== undefined) {
        throw new ApiError(code);
      }
      return await configStore(tx, orgId).update(before.id, stamp, { state });
    });
  }
}

/** Writes what a configuration says; undefined where it says so already. */
export async function writeContent(
  { tx, orgId, before, stamp }: Locked,
  fields: Written,
): Promise<Configuration | undefined> {
  if (before.state === 'archived') {
    throw new ApiError('config.archived');
  }
  if (before.version >= versionsMax) {
    throw new ApiError('config.versions_full');
  }
  if (fields.config === undefined && fields.match === undefined) {
    return await configStore(tx, orgId).update(before.id, stamp, fields);
  }
  const weight = weightOf({ config: fields.config ?? before.config, match: fields.match ?? before.match });
  const more = weight - weightOf(before);
  if (more > 0) {
    await requireRoom(tx, orgId, { count: 0, weight: more });
  }
  return await configStore(tx, orgId).update(before.id, stamp, { ...fields, weight });
}
