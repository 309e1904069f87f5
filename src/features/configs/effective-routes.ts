import { type Route, route } from '../../platform/http/route.ts';
import { OrganizationPath } from '../organizations/index.ts';
import { tag } from './config-routes.ts';
import { AgentConfigPath, EffectiveConfiguration, EffectiveQuery, Resolution } from './effective-schemas.ts';
import type { ResolutionService } from './resolution-service.ts';

export const effectiveRoutes = (resolutions: ResolutionService): Route[] => [
  route({
    method: 'POST',
    url: '/organizations/:org_id/configs/resolve',
    operationId: 'resolveConfigs',
    tag,
    summary: 'Resolve what is in effect for a team, an agent and an alert, and why',
    description:
      'Layers are merged from `global` up (RFC 7396): objects member by member, lists as a whole, null takes away. Nothing is changed by it.',
    permission: 'config:resolve',
    params: OrganizationPath,
    body: Resolution,
    example: { alert: { name: 'DiskFull', severity: 'critical', labels: { service: 'checkout-api' } } },
    status: 200,
    reply: EffectiveConfiguration,
    errors: [
      'agent_config.not_found',
      'agent_config.too_large_to_explain',
      'request.path_mismatch',
      'team.not_found',
    ],
    changesNothing: true,
    contentTag: ({ hash }) => hash,
    handle: ({ caller, params, body }) => resolutions.resolve(caller, params.org_id, body),
  }),
  route({
    method: 'GET',
    url: '/agent-configs/:config_id/effective',
    operationId: 'getEffectiveConfig',
    tag,
    summary: 'Read what is in effect for an agent, and why',
    description:
      'The layers `global`, `organization` and `team`, and the `config` of the agent configuration above them. With an alert, or for a team: `resolveConfigs`.',
    permission: 'config:read_effective',
    params: AgentConfigPath,
    query: EffectiveQuery,
    status: 200,
    reply: EffectiveConfiguration,
    errors: ['agent_config.not_found', 'agent_config.too_large_to_explain'],
    contentTag: ({ hash }) => hash,
    handle: ({ caller, params, query }) => resolutions.effective(caller, params.config_id, query),
  }),
];
