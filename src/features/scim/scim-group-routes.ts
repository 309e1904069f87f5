import { type Route, route } from '../../platform/http/route.ts';
import { NoContent } from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';
import { NewScimGroup, ScimGroup, ScimGroupList } from './scim-group-schemas.ts';
import type { ScimGroupService } from './scim-group-service.ts';
import { ListQuery, ResourceQuery } from './scim-list.ts';
import { commonErrors, listErrors, ofDirectory } from './scim-routes.ts';
import { PatchBody, ResourcePath, urns, versionIn } from './scim-schemas.ts';

const example = {
  schemas: [urns.group],
  displayName: 'SRE on call',
  externalId: '00g1a2b3c4',
  members: [],
};
const changeErrors = [
  ...commonErrors,
  'scim_group.not_found',
  'scim.uniqueness',
  'scim.invalid_value',
  'scim.too_many',
] as const;

export const scimGroupRoutes = (groups: ScimGroupService): Route[] => [
  route({
    ...ofDirectory,
    method: 'POST',
    url: '/Groups',
    operationId: 'scimCreateGroup',
    summary: 'Make a group of the directory',
    body: NewScimGroup,
    example,
    status: 201,
    reply: ScimGroup,
    errors: [
      ...commonErrors,
      'scim.uniqueness',
      'scim.invalid_value',
      'scim.too_many',
      'organization.scim_group_limit_reached',
    ],
    idempotent: true,
    etag: versionIn,
    location: ({ id }) => `/Groups/${id}`,
    handle: ({ caller, body }) => groups.create(caller, body),
  }),
  route({
    ...ofDirectory,
    method: 'GET',
    url: '/Groups',
    operationId: 'scimListGroups',
    summary: 'List the groups of the directory',
    description:
      'By `displayName`, `externalId`, `id` and `members`. 20,000 members are shown at most: leave them out by `excludedAttributes=members`.',
    query: ListQuery,
    status: 200,
    reply: ScimGroupList,
    errors: [...listErrors, 'scim.too_many'],
    handle: ({ caller, query }) => groups.list(caller, query),
  }),
  route({
    ...ofDirectory,
    method: 'GET',
    url: '/Groups/:id',
    operationId: 'scimGetGroup',
    summary: 'Read a group of the directory',
    params: ResourcePath,
    query: ResourceQuery,
    status: 200,
    reply: ScimGroup,
    errors: [...commonErrors, 'scim_group.not_found', 'scim.too_many', 'service.overloaded'],
    etag: versionIn,
    handle: ({ caller, params, query }) => groups.get(caller, params.id, query),
  }),
  route({
    ...ofDirectory,
    method: 'PUT',
    url: '/Groups/:id',
    operationId: 'scimReplaceGroup',
    summary: 'Say anew what a group is, and who is in it',
    params: ResourcePath,
    body: NewScimGroup,
    example,
    status: 200,
    reply: ScimGroup,
    errors: changeErrors,
    ifMatch: true,
    etag: versionIn,
    handle: ({ caller, params, body, ifMatch }) => groups.replace(caller, params.id, body, ifMatch),
  }),
  route({
    ...ofDirectory,
    method: 'PATCH',
    url: '/Groups/:id',
    operationId: 'scimPatchGroup',
    summary: 'Rename a group, put people into it and take them out',
    description:
      'Up to 10,000 members at once. Who is in it already may be added, and who is not, removed: nothing changes.',
    params: ResourcePath,
    body: PatchBody,
    example: {
      schemas: [urns.patch],
      Operations: [{ op: 'remove', path: `members[value eq "${exampleIds.user}"]` }],
    },
    status: 204,
    reply: NoContent,
    errors: [
      ...changeErrors,
      'scim.invalid_syntax',
      'scim.invalid_path',
      'scim.no_target',
      'scim.mutability',
    ],
    ifMatch: true,
    handle: ({ caller, params, body, ifMatch }) => groups.patch(caller, params.id, body, ifMatch),
  }),
  route({
    ...ofDirectory,
    method: 'DELETE',
    url: '/Groups/:id',
    operationId: 'scimDeleteGroup',
    summary: 'Remove a group of the directory',
    params: ResourcePath,
    status: 204,
    reply: NoContent,
    errors: [...commonErrors, 'scim_group.not_found'],
    ifMatch: true,
    handle: ({ caller, params, ifMatch }) => groups.delete(caller, params.id, ifMatch),
  }),
];
