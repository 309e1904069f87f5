import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { agentConfigRoutes } from './agent-config-routes.ts';
export { type AgentConfig, AgentConfigPath, AgentConfigUpdate } from './agent-config-schemas.ts';
export { AgentConfigService } from './agent-config-service.ts';
export { agentConfigStore } from './agent-config-store.ts';
export { applyUpdate } from './apply-update.ts';
export { lockedConfig } from './config-change.ts';
export { withoutSecrets, withStoredSecrets } from './config-secrets.ts';
export { versionRoutes } from './version-routes.ts';
export { VersionService } from './version-service.ts';

export const agentConfigConstraints: ConstraintErrors = {
  agent_configs_name_key: 'agent_config.name_taken',
  agent_configs_team_fkey: 'team.not_found',
};
