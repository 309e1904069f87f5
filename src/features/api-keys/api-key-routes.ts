import { type Route, route } from '../../platform/http/route.ts';
import { NoContent } from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';
import { OrganizationPath } from '../organizations/index.ts';
import {
  ApiKey,
  ApiKeyListQuery,
  ApiKeyPage,
  ApiKeyPath,
  ApiKeyUpdate,
  ApiKeyWithSecret,
  NewApiKey,
  Rotation,
} from './api-key-schemas.ts';
import type { ApiKeyService } from './api-key-service.ts';

const tag = 'API keys';

export const apiKeyRoutes = (keys: ApiKeyService): Route[] => [
  route({
    method: 'POST',
    url: '/organizations/:org_id/api-keys',
    operationId: 'createApiKey',
    tag,
    summary: 'Make an API key that acts for the caller',
    description:
      'The reply shows `key` this once. It may do what its scopes say in the teams that it names, and never more than the caller may at that moment: ' +
      'whoever is demoted weakens their keys, whoever is deactivated, deleted or removed ends them. For the whole organization, leave out `team_ids`; that takes one of its admins.',
    permission: 'api_key:create',
    params: OrganizationPath,
    body: NewApiKey,
    example: {
      name: 'Agent of the platform team',
      scopes: ['incidents:read', 'incidents:write'],
      team_ids: [exampleIds.team],
    },
    status: 201,
    reply: ApiKeyWithSecret,
    errors: ['api_key.exceeds_creator', 'organization.api_key_limit_reached'],
    location: ({ id }) => `/api-keys/${id}`,
    handle: ({ caller, params, body }) => keys.create(caller, params.org_id, body),
  }),
  route({
    method: 'GET',
    url: '/organizations/:org_id/api-keys',
    operationId: 'listApiKeys',
    tag,
    summary: 'List the API keys that the caller may manage, newest first',
    description:
      'Their own, those of teams that they are admin of, and to admins of the organization all; what is over with them. No secret is shown.',
    permission: 'api_key:list',
    params: OrganizationPath,
    query: ApiKeyListQuery,
    status: 200,
    reply: ApiKeyPage,
    handle: ({ caller, params, query }) => keys.list(caller, params.org_id, query),
  }),
  route({
    method: 'GET',
    url: '/api-keys/:key_id',
    operationId: 'getApiKey',
    tag,
    summary: 'Read an API key, without its secret',
    permission: 'api_key:manage',
    params: ApiKeyPath,
    status: 200,
    reply: ApiKey,
    errors: ['api_key.not_found'],
    handle: ({ caller, params }) => keys.get(caller, params.key_id),
  }),
  route({
    method: 'PATCH',
    url: '/api-keys/:key_id',
    operationId: 'updateApiKey',
    tag,
    summary: 'Change the name, the address ranges or the end of an API key',
    description: 'The end can be moved to an earlier time only; scopes and teams stay: make another key.',
    permission: 'api_key:manage',
    params: ApiKeyPath,
    body: ApiKeyUpdate,
    example: { address_ranges: ['203.0.113.0/24', '2001:db8::/32'] },
    status: 200,
    reply: ApiKey,
    errors: ['api_key.not_found', 'api_key.over'],
    handle: ({ caller, params, body }) => keys.update(caller, params.key_id, body),
  }),
  route({
    method: 'POST',
    url: '/api-keys/:key_id/rotate',
    operationId: 'rotateApiKey',
    tag,
    summary: 'Replace the secret of an API key',
    description:
      'The reply shows the new `key` this once. The one so far is taken beside it for `overlap_seconds`. Only whom the key acts for may: the secret acts in their name.',
    permission: 'api_key:manage',
    params: ApiKeyPath,
    body: Rotation,
    example: { overlap_seconds: 3600 },
    status: 200,
    reply: ApiKeyWithSecret,
    errors: ['api_key.not_found', 'api_key.over'],
    handle: ({ caller, params, body }) => keys.rotate(caller, params.key_id, body),
  }),
  route({
    method: 'DELETE',
    url: '/api-keys/:key_id',
    operationId: 'revokeApiKey',
    tag,
    summary: 'Revoke an API key',
    description:
      'It is refused from the very next request, on every instance. Revoking what is revoked changes nothing.',
    permission: 'api_key:manage',
    params: ApiKeyPath,
    status: 204,
    reply: NoContent,
    errors: ['api_key.not_found'],
    handle: ({ caller, params }) => keys.revoke(caller, params.key_id),
  }),
];
