import type { ConstraintErrors } from '../../platform/database/database-errors.ts';
import type { Route } from '../../platform/http/route.ts';
import { configRoutes as ofConfigs } from './config-routes.ts';
import { ConfigService, type ConfigServiceOptions } from './config-service.ts';
import { effectiveRoutes } from './effective-routes.ts';
import { ResolutionService } from './resolution-service.ts';
import { stateRoutes } from './state-routes.ts';
import { configVersionRoutes } from './version-routes.ts';
import { ConfigVersionService } from './version-service.ts';

export type { KeptLayer } from './layer-cache.ts';
export { Patterns } from './patterns.ts';
export { resolveLayers } from './resolve-layers.ts';

/** Hierarchical configurations, and what is in effect by them. */
export function configRoutes(options: ConfigServiceOptions): Route[] {
  const configs = new ConfigService(options);
  return [
    ...ofConfigs(configs),
    ...stateRoutes(configs),
    ...configVersionRoutes(new ConfigVersionService(options)),
    ...effectiveRoutes(new ResolutionService(options.db)),
  ];
}

export const configConstraints: ConstraintErrors = {
  configs_name_key: 'config.exists',
  configs_team_fkey: 'team.not_found',
};
