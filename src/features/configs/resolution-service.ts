import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type AgentConfig, agentConfigStore, withoutSecrets } from '../agent-configs/index.ts';
import { canonicalJson } from './canonical-json.ts';
import type { EffectiveConfiguration, EffectiveQuery, Resolution } from './effective-schemas.ts';
import { LayerCache } from './layer-cache.ts';
import { layerStore, type Setting } from './layer-store.ts';
import { Patterns } from './patterns.ts';
import { type Asked, resolveLayers } from './resolve-layers.ts';
import { weightOfAgent } from './weight.ts';

/** What an effective configuration is asked for, and by which revision of the layers. */
interface Question extends Omit<Asked, 'team' | 'agent'> {
  readonly orgId: string;
  readonly setting: Setting;
  readonly agent: AgentConfig | undefined;
}

/** What is in effect for an agent, a team or an organization, and why. */
export class ResolutionService {
  readonly #db: Database;
  readonly #layers: LayerCache;
  readonly #patterns = new Patterns();

  constructor(db: Database) {
    this.#db = db;
    this.#layers = new LayerCache(db);
  }

  async resolve(caller: Caller, orgId: string, asked: Resolution): Promise<EffectiveConfiguration> {
    caller.authorize({ orgId });
    const agentConfigId = asked.agent_config_id?.toLowerCase() ?? null;
    const within = this.#db.lookUp({ orgId });
    const [setting, agent] = await Promise.all([
      layerStore(within, orgId).setting({ teamId: asked.team_id?.toLowerCase() ?? null, agentConfigId }),
      agentConfigId === null ? undefined : agentConfigStore(within, orgId).find(agentConfigId),
    ]);
    if (agentConfigId !== null && agent === undefined) {
      throw new ApiError('agent_config.not_found');
    }
    const teamId = asked.team_id?.toLowerCase() ?? agent?.team_id;
    if (teamId !== undefined && setting.team_slug === null) {
      throw new ApiError('team.not_found');
    }
    if (agent !== undefined && agent.team_id !== teamId) {
      throw new ApiError('request.path_mismatch', {
        faults: [{ pointer: '/team_id', message: 'is not the team of the agent configuration' }],
      });
    }
    if (teamId !== undefined) {
      caller.authorize({ orgId, teamId });
    }
    const areSecretsShown = asked.include === 'secrets';
    if (areSecretsShown) {
      requireInsight(caller, orgId, teamId);
    }
    return await this.#answer({ orgId, setting, teamId, agent, alert: asked.alert, areSecretsShown });
  }

  /** For an agent, by its configuration; without an alert. */
  async effective(caller: Caller, id: string, { include }: EffectiveQuery): Promise<EffectiveConfiguration> {
    const { agent, setting } = await locate(
      this.#db,
      caller,
      { kind: 'agent_config', id },
      async (within, orgId) => {
        const [setting, agent] = await Promise.all([
          layerStore(within, orgId).setting({ agentConfigId: id }),
          agentConfigStore(within, orgId).find(id),
        ]);
        return agent && { agent, setting };
      },
    );
    const { org_id: orgId, team_id: teamId } = agent;
    caller.authorize({ orgId, teamId });
    const areSecretsShown = include === 'secrets';
    if (areSecretsShown) {
      requireInsight(caller, orgId, teamId);
    }
    return await this.#answer({ orgId, setting, teamId, agent, alert: undefined, areSecretsShown });
  }

  async #answer({ orgId, setting, agent, ...asked }: Question): Promise<EffectiveConfiguration> {
    const { layers, results, weight } = await this.#layers.at(orgId, setting.revision);
    const team = setting.team_slug ?? undefined;
    // @NOTE the time, too: after a failover that lost a change, a version comes a second time with other content.
    const ofAgent = agent === undefined ? null : [agent.id, agent.version, agent.updated_at];
    const key = canonicalJson([
      ...[asked.teamId ?? null, team ?? null, ofAgent],
      ...[asked.alert ?? null, asked.areSecretsShown],
    ]);
    const known = results.get(key);
    if (known !== undefined) {
      return known;
    }
    const agentWeight = agent === undefined ? 0 : weightOfAgent(agent.config);
    const told = agent === undefined || asked.areSecretsShown ? agent : withoutSecrets(agent);
    const result = await resolveLayers(layers, { ...asked, team, agent: told }, this.#patterns);
    results.keep(key, result, weight + key.length + agentWeight);
    return result;
  }
}

/** Secrets are for members of the team; where it is about none, for admins of the organization. */
function requireInsight(caller: Caller, orgId: string, teamId: string | undefined): void {
  if (teamId === undefined) {
    caller.requireAdmin({ orgId });
  } else {
    caller.requireMember({ orgId, teamId });
  }
}
