import { publicRoute, type Route, route } from '../../platform/http/route.ts';
import { NoContent } from '../../platform/schemas/common-schemas.ts';
import { exampleIds } from '../../platform/schemas/shared-fields.ts';
import { OrganizationPath } from '../organizations/index.ts';
import { User } from '../users/index.ts';
import type { InvitationAcceptance } from './invitation-acceptance.ts';
import {
  Acceptance,
  Invitation,
  InvitationListQuery,
  InvitationPage,
  InvitationPath,
  NewInvitation,
} from './invitation-schemas.ts';
import type { InvitationService } from './invitation-service.ts';

const tag = 'Invitations';

export const invitationRoutes = (
  invitations: InvitationService,
  acceptance: InvitationAcceptance,
): Route[] => [
  route({
    method: 'POST',
    url: '/organizations/:org_id/invitations',
    operationId: 'createInvitation',
    tag,
    summary: 'Ask somebody by mail to join a team of the organization',
    description:
      'The answer is the same whether or not they have an account. The mail holds a token that is good once, for a week, and for as long as whoever sent it may ' +
      'invite; without a mail server the operator hands it on.',
    permission: 'invitation:manage',
    params: OrganizationPath,
    body: NewInvitation,
    example: { email: 'grace@example.com', team_id: exampleIds.team, role: 'member' },
    status: 201,
    reply: Invitation,
    errors: [
      'invitation.already_open',
      'organization.invitation_limit_reached',
      'team.not_found',
      'rate.limited',
    ],
    idempotent: true,
    location: ({ org_id, id }) => `/organizations/${org_id}/invitations/${id}`,
    handle: ({ caller, params, body }) => invitations.create(caller, params.org_id, body),
  }),
  route({
    method: 'GET',
    url: '/organizations/:org_id/invitations',
    operationId: 'listInvitations',
    tag,
    summary: 'List the invitations of the organization, newest first; those that are over with them',
    permission: 'invitation:read',
    params: OrganizationPath,
    query: InvitationListQuery,
    status: 200,
    reply: InvitationPage,
    handle: ({ caller, params, query }) => invitations.list(caller, params.org_id, query),
  }),
  route({
    method: 'GET',
    url: '/organizations/:org_id/invitations/:invitation_id',
    operationId: 'getInvitation',
    tag,
    summary: 'Read an invitation, without its token',
    permission: 'invitation:read',
    params: InvitationPath,
    status: 200,
    reply: Invitation,
    errors: ['invitation.not_found'],
    handle: ({ caller, params }) => invitations.get(caller, params.org_id, params.invitation_id),
  }),
  route({
    method: 'POST',
    url: '/organizations/:org_id/invitations/:invitation_id/resend',
    operationId: 'resendInvitation',
    tag,
    summary: 'Send the mail of an invitation again, with another token',
    description:
      'The token of the mail before is good no more; the week begins anew, for one that has expired, too.',
    permission: 'invitation:manage',
    params: InvitationPath,
    status: 200,
    reply: Invitation,
    errors: ['invitation.not_found', 'invitation.over', 'rate.limited'],
    handle: ({ caller, params }) => invitations.resend(caller, params.org_id, params.invitation_id),
  }),
  route({
    method: 'DELETE',
    url: '/organizations/:org_id/invitations/:invitation_id',
    operationId: 'revokeInvitation',
    tag,
    summary: 'Revoke an invitation: its token is good no more',
    permission: 'invitation:manage',
    params: InvitationPath,
    status: 204,
    reply: NoContent,
    errors: ['invitation.not_found', 'invitation.over'],
    handle: ({ caller, params }) => invitations.revoke(caller, params.org_id, params.invitation_id),
  }),
  publicRoute({
    method: 'POST',
    url: '/invitations/accept',
    operationId: 'acceptInvitation',
    tag,
    summary: 'Join an organization by the token of a mail',
    description:
      'Whoever has an account with the address, and proved it, joins with it by the token alone, and logs in as before. Who has none gives `username` and `password`, and ' +
      'is told so by 422. It proves the address. Of an account that nobody had proved, password, sessions and identities end, and `password` is the new one.',
    permission: 'public',
    body: Acceptance,
    example: {
      token: '0nZ3xV7bTq9LrYc2Hs5Dw8Gk1Jm4Pf6Rt-Au_EiOoXz',
      username: 'grace',
      password: 'correct-horse-battery-staple',
    },
    status: 201,
    reply: User,
    errors: [
      'invitation.expired',
      'invitation.account_inactive',
      'user.email_taken',
      'user.username_taken',
      'organization.user_limit_reached',
      'team.user_limit_reached',
      'organization.inactive',
      'team.inactive',
      'rate.limited',
      'service.overloaded',
    ],
    location: ({ id }) => `/users/${id}`,
    handle: ({ caller, body }) => acceptance.accept(caller, body),
  }),
];
