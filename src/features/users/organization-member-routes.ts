import { type Route, route } from '../../platform/http/route.ts';
import { NoContent } from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';
import { OrganizationPath } from '../organizations/index.ts';
import type { OrganizationMembers } from './organization-members.ts';
import { MemberPath, OrganizationRoleChange, OwnershipTransfer, User } from './user-schemas.ts';

const tag = 'Organizations';

export const organizationMemberRoutes = (members: OrganizationMembers): Route[] => [
  route({
    method: 'PUT',
    url: '/organizations/:org_id/members/:user_id',
    operationId: 'setOrganizationRole',
    tag,
    summary: 'Make a member an owner, an admin or no more than a member of the organization',
    description:
      'For owners. An organization has one owner at least. Whoever is to be an owner must be able to own one more.',
    permission: 'organization:grant',
    params: MemberPath,
    body: OrganizationRoleChange,
    example: { role: 'admin' },
    status: 200,
    reply: User,
    errors: ['user.not_found', 'organization.last_owner', 'user.organization_limit_reached'],
    handle: ({ caller, params, body }) => members.setRole(caller, params.org_id, params.user_id, body),
  }),
  route({
    method: 'POST',
    url: '/organizations/:org_id/transfer',
    operationId: 'transferOrganization',
    tag,
    summary: 'Make another member the owner in the caller’s place',
    description: 'For owners, who are admins from then on. Both at once or neither.',
    permission: 'organization:grant',
    params: OrganizationPath,
    body: OwnershipTransfer,
    example: { user_id: exampleIds.colleague },
    status: 204,
    reply: NoContent,
    errors: ['user.not_found', 'user.organization_limit_reached'],
    handle: ({ caller, params, body }) => members.transfer(caller, params.org_id, body.user_id.toLowerCase()),
  }),
  route({
    method: 'POST',
    url: '/organizations/:org_id/leave',
    operationId: 'leaveOrganization',
    tag,
    summary: 'Leave an organization and all its teams',
    description:
      'What one made stays. The sessions and API keys that one has there end. The last owner, and the last admin of a team, finds a successor first; who belongs to ' +
      'no other organization stays, or is deleted by an admin.',
    permission: 'organization:leave',
    params: OrganizationPath,
    status: 204,
    reply: NoContent,
    errors: ['organization.last_owner', 'team.last_admin', 'user.last_organization'],
    handle: ({ caller, params }) => members.leave(caller, params.org_id),
  }),
];
