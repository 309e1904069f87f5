import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { change } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Cursors, listName, newestFirst, type Page, paginate } from '../../platform/http/cursor.ts';
import { requireMatchingPath } from '../../platform/http/path-mismatch.ts';
import { requireVersion } from '../../platform/http/precondition.ts';
import type { TeamService } from '../teams/index.ts';
import type {
  AgentConfig,
  AgentConfigListQuery,
  AgentConfigQuery,
  AgentConfigUpdate,
  NewAgentConfig,
} from './agent-config-schemas.ts';
import { agentConfigStore } from './agent-config-store.ts';
import { applyUpdate } from './apply-update.ts';
import { auditEntry, lockedConfig, stampOf } from './config-change.ts';
import { withoutSecrets, withStoredSecrets } from './config-secrets.ts';
import { keepVersion } from './version-store.ts';

export interface AgentConfigServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly teams: TeamService;
}

/** Agent configurations. Each write makes a version, and every version is kept. What is answered shows no secret, unless asked to. */
export class AgentConfigService {
  readonly #db: Database;
  readonly #cursors: Cursors;
  readonly #teams: TeamService;

  constructor(options: AgentConfigServiceOptions) {
    this.#db = options.db;
    this.#cursors = options.cursors;
    this.#teams = options.teams;
  }

  async create(caller: Caller, teamId: string, draft: NewAgentConfig): Promise<AgentConfig> {
    const { org_id: orgId } = await this.#teams.locate(caller, teamId);
    caller.authorize({ orgId, teamId });
    const { organization_id, team_id, ...fields } = draft;
    requireMatchingPath({ organization_id, team_id }, { organization_id: orgId, team_id: teamId });
    const content = withStoredSecrets(fields);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const config = await agentConfigStore(tx, orgId).insert(uuidv7(), teamId, caller.userId, content);
      tx.later(keepVersion(orgId, config, 'created', caller.userId));
      record(auditEntry('agent_config.created', config, { at: config.created_at, after: config }));
      return withoutSecrets(config);
    });
  }

  async list(caller: Caller, teamId: string, query: AgentConfigListQuery): Promise<Page<AgentConfig>> {
    return await this.#teams.readOf(caller, teamId, {
      isSlow: true,
      authorize: query.include_deleted ? (team) => caller.requireAdmin(team) : undefined,
      read: (within, orgId) =>
        paginate<typeof AgentConfig>({
          cursors: this.#cursors,
          list: listName('agent-configs', { teamId, ...query }),
          query,
          key: newestFirst,
          positionOf: (config) => ({ at: config.created_at, id: config.id }),
          fetch: async (_rest, _orderAndLimit, range) =>
            (await agentConfigStore(within, orgId).page(teamId, query, range)).map(withoutSecrets),
        }),
    });
  }

  async get(caller: Caller, id: string, query: AgentConfigQuery): Promise<AgentConfig> {
    const config = await this.authorized(caller, id, query.include_deleted);
    const team = { orgId: config.org_id, teamId: config.team_id };
    if (query.include_deleted) {
      caller.requireAdmin(team);
    }
    if (query.include !== 'secrets') {
      return withoutSecrets(config);
    }
    caller.requireMember(team);
    return config;
  }

  async update(
    caller: Caller,
    id: string,
    update: AgentConfigUpdate,
    ifMatch: number | undefined,
  ): Promise<AgentConfig> {
    const { org_id: orgId, team_id: teamId } = await this.authorized(caller, id);
    const { organization_id, team_id, ...fields } = update;
    requireMatchingPath({ organization_id, team_id }, { organization_id: orgId, team_id: teamId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await lockedConfig(tx, orgId, id);
      requireVersion(ifMatch, before.version);
      return withoutSecrets((await applyUpdate(tx, record, caller, before, fields)) ?? before);
    });
  }

  async delete(caller: Caller, id: string, ifMatch: number | undefined): Promise<{ message: string }> {
    const { org_id: orgId } = await this.authorized(caller, id);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await lockedConfig(tx, orgId, id);
      requireVersion(ifMatch, before.version);
      const stamp = await stampOf(tx, caller, before);
      const after = await agentConfigStore(tx, orgId).markDeleted(id, stamp);
      tx.later(keepVersion(orgId, after, 'deleted', caller.userId));
      record(auditEntry('agent_config.deleted', before, { at: stamp.at, before }));
      return { message: 'Agent configuration deleted successfully' };
    });
  }

  async restore(caller: Caller, id: string, ifMatch: number | undefined): Promise<AgentConfig> {
    const { org_id: orgId } = await this.authorized(caller, id, true);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await lockedConfig(tx, orgId, id, true);
      if (before.deleted_at === null) {
        throw new ApiError('agent_config.not_deleted');
      }
      requireVersion(ifMatch, before.version);
      const stamp = await stampOf(tx, caller, before);
      const after = await agentConfigStore(tx, orgId).restore(id, stamp);
      tx.later(keepVersion(orgId, after, 'restored', caller.userId));
      record(auditEntry('agent_config.restored', after, { at: stamp.at, after }));
      return withoutSecrets(after);
    });
  }

  /** The configuration, wherever in the caller's organizations, with the route's permission granted on it. */
  async authorized(caller: Caller, id: string, isDeletedIncluded?: boolean): Promise<AgentConfig> {
    const config = await locate(this.#db, caller, { kind: 'agent_config', id }, (within, orgId) =>
      agentConfigStore(within, orgId).find(id, isDeletedIncluded),
    );
    caller.authorize({ orgId: config.org_id, teamId: config.team_id });
    return config;
  }
}
