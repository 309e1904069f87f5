import { type Route, route } from '../../platform/http/route.ts';
import { NoContent } from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';
import { OrganizationPath } from '../organizations/index.ts';
import {
  GroupMapping,
  GroupMappingListQuery,
  GroupMappingPage,
  GroupMappingPath,
  GroupMappingUpdate,
  NewGroupMapping,
} from './group-mapping-schemas.ts';
import type { GroupMappingService } from './group-mapping-service.ts';

const tag = 'Group mappings';

export const groupMappingRoutes = (mappings: GroupMappingService): Route[] => [
  route({
    method: 'POST',
    url: '/organizations/:org_id/group-mappings',
    operationId: 'createGroupMapping',
    tag,
    summary: 'Give a role in a team to whoever is in a group of the provider or directory',
    description:
      'Takes effect at once for those who are known to be in the group, and for everybody at their next login. Of several groups the highest role counts. ' +
      'Whom somebody put into the team by hand, or gave another role there, stays as they are.',
    permission: 'group_mapping:manage',
    params: OrganizationPath,
    body: NewGroupMapping,
    example: { external_group: 'sre-on-call', team_id: exampleIds.team, role: 'member' },
    status: 201,
    reply: GroupMapping,
    errors: [
      'group_mapping.exists',
      'organization.group_mapping_limit_reached',
      'organization.inactive',
      'team.inactive',
      'team.not_found',
    ],
    idempotent: true,
    location: ({ org_id, id }) => `/organizations/${org_id}/group-mappings/${id}`,
    handle: ({ caller, params, body }) => mappings.create(caller, params.org_id, body),
  }),
  route({
    method: 'GET',
    url: '/organizations/:org_id/group-mappings',
    operationId: 'listGroupMappings',
    tag,
    summary: 'List what groups give in the organization, newest first',
    permission: 'group_mapping:read',
    params: OrganizationPath,
    query: GroupMappingListQuery,
    status: 200,
    reply: GroupMappingPage,
    handle: ({ caller, params, query }) => mappings.list(caller, params.org_id, query),
  }),
  route({
    method: 'GET',
    url: '/organizations/:org_id/group-mappings/:mapping_id',
    operationId: 'getGroupMapping',
    tag,
    summary: 'Read what a group gives',
    permission: 'group_mapping:read',
    params: GroupMappingPath,
    status: 200,
    reply: GroupMapping,
    errors: ['group_mapping.not_found'],
    handle: ({ caller, params }) => mappings.get(caller, params.org_id, params.mapping_id),
  }),
  route({
    method: 'PUT',
    url: '/organizations/:org_id/group-mappings/:mapping_id',
    operationId: 'updateGroupMapping',
    tag,
    summary: 'Have a group give another role',
    description: 'Takes effect at once for whom it gave the role before.',
    permission: 'group_mapping:manage',
    params: GroupMappingPath,
    body: GroupMappingUpdate,
    example: { role: 'viewer' },
    status: 200,
    reply: GroupMapping,
    errors: ['group_mapping.not_found', 'organization.inactive', 'team.inactive'],
    handle: ({ caller, params, body }) => mappings.update(caller, params.org_id, params.mapping_id, body),
  }),
  route({
    method: 'DELETE',
    url: '/organizations/:org_id/group-mappings/:mapping_id',
    operationId: 'deleteGroupMapping',
    tag,
    summary: 'Have a group give nothing more',
    description:
      'What it gave ends at once, where no other group gives it. Nobody loses what they were given by hand, nor a role in the organization: no mapping gives one.',
    permission: 'group_mapping:manage',
    params: GroupMappingPath,
    status: 204,
    reply: NoContent,
    errors: ['group_mapping.not_found'],
    handle: ({ caller, params }) => mappings.delete(caller, params.org_id, params.mapping_id),
  }),
];
