import { Type } from 'typebox';
import { type Route, route } from '../../platform/http/route.ts';
import { NoContent } from '../../platform/schemas/common-schemas.ts';
import { scimDialect } from './scim-dialect.ts';
import { AnyQuery, ListQuery, ResourceQuery } from './scim-list.ts';
import {
  NewScimUser,
  PatchBody,
  ResourcePath,
  ScimUser,
  ScimUserList,
  urns,
  versionIn,
} from './scim-schemas.ts';
import type { ScimUserService } from './scim-user-service.ts';
import type { ServiceDescription } from './service-description.ts';

/** What the routes of a directory have in common. */
export const ofDirectory = {
  tag: 'SCIM',
  permission: 'scim:manage',
  dialect: scimDialect,
  query: AnyQuery,
} as const;
export const commonErrors = ['auth.key_required', 'rate.limited'] as const;
export const listErrors = [
  ...commonErrors,
  'scim.invalid_filter',
  'scim.invalid_value',
  'service.overloaded',
] as const;

const userErrors = [
  ...commonErrors,
  'user.not_found',
  'scim.uniqueness',
  'scim.address_known',
  'scim.invalid_syntax',
  'scim.invalid_value',
  'organization.last_owner',
  'organization.user_limit_reached',
] as const;
const example = {
  schemas: [urns.user],
  userName: 'ada@example.com',
  externalId: '00u1a2b3c4',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  active: true,
};

export const scimUserRoutes = (users: ScimUserService): Route[] => [
  route({
    ...ofDirectory,
    method: 'POST',
    url: '/Users',
    operationId: 'scimCreateUser',
    summary: 'Make an account for a person of the directory',
    description:
      'A member of the organization, in no team, without a password, whose address nobody has proved. Somebody who has an account already is invited instead (`uniqueness`).',
    body: NewScimUser,
    example,
    status: 201,
    reply: ScimUser,
    errors: [
      ...commonErrors,
      'scim.uniqueness',
      'scim.address_known',
      'scim.invalid_value',
      'organization.user_limit_reached',
    ],
    idempotent: true,
    etag: versionIn,
    location: ({ id }) => `/Users/${id}`,
    handle: ({ caller, body }) => users.create(caller, body),
  }),
  route({
    ...ofDirectory,
    method: 'GET',
    url: '/Users',
    operationId: 'scimListUsers',
    summary: 'List the people of the organization',
    description:
      'By `userName`, `externalId`, `emails`, `id`, `active` and names. Nobody is an empty list, not a 404.',
    query: ListQuery,
    status: 200,
    reply: ScimUserList,
    errors: listErrors,
    handle: ({ caller, query }) => users.list(caller, query),
  }),
  route({
    ...ofDirectory,
    method: 'GET',
    url: '/Users/:id',
    operationId: 'scimGetUser',
    summary: 'Read a person of the organization',
    params: ResourcePath,
    query: ResourceQuery,
    status: 200,
    reply: ScimUser,
    errors: [...commonErrors, 'user.not_found'],
    etag: versionIn,
    handle: ({ caller, params, query }) => users.get(caller, params.id, query),
  }),
  route({
    ...ofDirectory,
    method: 'PUT',
    url: '/Users/:id',
    operationId: 'scimReplaceUser',
    summary: 'Say anew what the directory knows of a person',
    params: ResourcePath,
    body: NewScimUser,
    example,
    status: 200,
    reply: ScimUser,
    errors: userErrors,
    ifMatch: true,
    etag: versionIn,
    handle: ({ caller, params, body, ifMatch }) => users.replace(caller, params.id, body, ifMatch),
  }),
  route({
    ...ofDirectory,
    method: 'PATCH',
    url: '/Users/:id',
    operationId: 'scimPatchUser',
    summary: 'Change what the directory knows of a person',
    description:
      'Operations are taken as Entra and Okta write them: in any case, with or without a path, booleans as texts.',
    params: ResourcePath,
    body: PatchBody,
    example: { schemas: [urns.patch], Operations: [{ op: 'Replace', path: 'active', value: 'False' }] },
    status: 200,
    reply: ScimUser,
    errors: [...userErrors, 'scim.invalid_path', 'scim.no_target', 'scim.mutability'],
    ifMatch: true,
    etag: versionIn,
    handle: ({ caller, params, body, ifMatch }) => users.patch(caller, params.id, body, ifMatch),
  }),
  route({
    ...ofDirectory,
    method: 'DELETE',
    url: '/Users/:id',
    operationId: 'scimDeleteUser',
    summary: 'Take a person out of the organization',
    description:
      'Their account is deleted, and an admin can restore it. Who belongs to another organization, too, goes on there.',
    params: ResourcePath,
    status: 204,
    reply: NoContent,
    errors: [...commonErrors, 'user.not_found', 'organization.last_owner'],
    ifMatch: true,
    handle: ({ caller, params, ifMatch }) => users.delete(caller, params.id, ifMatch),
  }),
];

const Described = Type.Unsafe<object>({
  type: 'object',
  additionalProperties: true,
  title: 'SCIM Description',
  description: 'What this service can do, in the words of RFC 7643.',
});
const described = (url: string, operationId: string, summary: string) =>
  ({
    ...ofDirectory,
    method: 'GET',
    url,
    operationId,
    summary,
    status: 200,
    reply: Described,
  }) as const;

export const scimServiceRoutes = (service: ServiceDescription): Route[] => [
  route({
    ...described('/ServiceProviderConfig', 'scimServiceProviderConfig', 'Say what of SCIM is supported'),
    errors: commonErrors,
    handle: ({ caller }) => service.config(caller),
  }),
  route({
    ...described('/ResourceTypes', 'scimResourceTypes', 'List the kinds of resources'),
    errors: commonErrors,
    handle: ({ caller }) => service.resourceTypes(caller),
  }),
  route({
    ...described('/ResourceTypes/:id', 'scimResourceType', 'Read one kind of resources'),
    params: ResourcePath,
    errors: [...commonErrors, 'route.not_found'],
    handle: ({ caller, params }) => service.resourceTypes(caller, params.id),
  }),
  route({
    ...described('/Schemas', 'scimSchemas', 'List the schemas of resources'),
    errors: commonErrors,
    handle: ({ caller }) => service.schemas(caller),
  }),
  route({
    ...described('/Schemas/:id', 'scimSchema', 'Read one schema'),
    params: ResourcePath,
    errors: [...commonErrors, 'route.not_found'],
    handle: ({ caller, params }) => service.schemas(caller, params.id),
  }),
  route({
    ...ofDirectory,
    method: 'POST',
    url: '/Bulk',
    operationId: 'scimBulk',
    summary: 'Not supported: send one request for each',
    body: Type.Object({}, { additionalProperties: true, title: 'SCIM Bulk', description: 'Whatever it is.' }),
    example: { Operations: [] },
    status: 200,
    reply: Described,
    errors: [...commonErrors, 'scim.not_supported'],
    changesNothing: true,
    handle: ({ caller }) => service.bulk(caller),
  }),
];
