import { route } from '../../platform/http/route.ts';
import {
  AgentConfig,
  AgentConfigPath,
  AgentConfigVersion,
  Rollback,
  VersionListQuery,
  VersionPage,
  VersionPath,
} from './agent-config-schemas.ts';
import type { VersionService } from './version-service.ts';

const tag = 'Agent configurations';

export const versionRoutes = (versions: VersionService) => [
  route({
    method: 'GET',
    url: '/agent-configs/:config_id/versions',
    operationId: 'listAgentConfigVersions',
    tag,
    summary: 'List the versions of an agent configuration, newest first',
    permission: 'agent_config:read',
    params: AgentConfigPath,
    query: VersionListQuery,
    status: 200,
    reply: VersionPage,
    errors: ['agent_config.not_found'],
    handle: ({ caller, params, query }) => versions.list(caller, params.config_id, query),
  }),
  route({
    method: 'GET',
    url: '/agent-configs/:config_id/versions/:version',
    operationId: 'getAgentConfigVersion',
    tag,
    summary: 'Read one version of an agent configuration',
    permission: 'agent_config:read',
    params: VersionPath,
    status: 200,
    reply: AgentConfigVersion,
    errors: ['agent_config.not_found', 'agent_config.version_not_found'],
    handle: ({ caller, params }) => versions.get(caller, params.config_id, params.version),
  }),
  route({
    method: 'POST',
    url: '/agent-configs/:config_id/rollback',
    operationId: 'rollBackAgentConfig',
    tag,
    summary: 'Make an earlier version current again, as a new version',
    permission: 'agent_config:update',
    params: AgentConfigPath,
    body: Rollback,
    example: { to: 1 },
    status: 201,
    reply: AgentConfig,
    errors: [
      'agent_config.not_found',
      'agent_config.version_not_found',
      'agent_config.already_current',
      'agent_config.name_taken',
    ],
    idempotent: true,
    ifMatch: true,
    etag: (config) => config.version,
    location: (config) => `/agent-configs/${config.id}/versions/${config.version}`,
    handle: ({ caller, params, body, ifMatch }) =>
      versions.rollBack(caller, params.config_id, body.to, ifMatch),
  }),
];
