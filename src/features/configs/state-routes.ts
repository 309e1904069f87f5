import { type Route, route } from '../../platform/http/route.ts';
import { tag } from './config-routes.ts';
import { Configuration, ConfigurationPath } from './config-schemas.ts';
import type { ConfigService } from './config-service.ts';

/** What becomes of a configuration: draft, active, deprecated, archived. */
export const stateRoutes = (configs: ConfigService): Route[] => [
  route({
    method: 'POST',
    url: '/configs/:configuration_id/publish',
    operationId: 'publishConfig',
    tag,
    summary: 'Put a draft into effect',
    description: 'Every instance resolves with it from the next request on.',
    permission: 'config:publish',
    params: ConfigurationPath,
    status: 200,
    reply: Configuration,
    errors: ['auth.person_required', 'config.not_draft', 'config.not_found'],
    idempotent: true,
    ifMatch: true,
    etag: (config) => config.version,
    handle: ({ caller, params, ifMatch }) =>
      configs.publish(caller, { id: params.configuration_id, ifMatch }),
  }),
  route({
    method: 'POST',
    url: '/configs/:configuration_id/deprecate',
    operationId: 'deprecateConfig',
    tag,
    summary: 'Say of an active configuration that it is to be replaced; it stays in effect',
    permission: 'config:publish',
    params: ConfigurationPath,
    status: 200,
    reply: Configuration,
    errors: ['auth.person_required', 'config.not_active', 'config.not_found'],
    idempotent: true,
    ifMatch: true,
    etag: (config) => config.version,
    handle: ({ caller, params, ifMatch }) =>
      configs.deprecate(caller, { id: params.configuration_id, ifMatch }),
  }),
  route({
    method: 'POST',
    url: '/configs/:configuration_id/archive',
    operationId: 'archiveConfig',
    tag,
    summary: 'Take a configuration out of effect for good',
    description: 'It can be read, deleted and restored, and no longer be changed.',
    permission: 'config:publish',
    params: ConfigurationPath,
    status: 200,
    reply: Configuration,
    errors: ['auth.person_required', 'config.archived', 'config.not_found'],
    idempotent: true,
    ifMatch: true,
    etag: (config) => config.version,
    handle: ({ caller, params, ifMatch }) =>
      configs.archive(caller, { id: params.configuration_id, ifMatch }),
  }),
];
