import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  exampleIds,
  OrganizationId,
  OrgId,
  TeamId,
  UpdatedAt,
  UserId,
} from '../../platform/schemas/shared-fields.ts';
import { FullName, Password, TeamRole, Username } from '../users/index.ts';

/** A week: long enough for a holiday, and no longer than a team's plans. */
export const invitationSeconds = 604_800;

const InvitationId = annotated(Uuid, {
  description: 'The id of the invitation.',
  examples: [exampleIds.invitation],
});
const InvitedEmail = Type.String({
  pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
  maxLength: 320,
  description: 'Whom it is sent to. Nothing tells whether they have an account.',
  examples: ['grace@example.com'],
});
const InvitedTeam = annotated(TeamId, { description: 'The team that they join.' });
const InvitedRole = annotated(TeamRole, { description: 'Their role in the team.' });

export const Invitation = exactly(
  {
    id: InvitationId,
    org_id: OrgId,
    organization_id: OrganizationId,
    email: InvitedEmail,
    team_id: InvitedTeam,
    role: InvitedRole,
    state: oneOf(['open', 'accepted', 'revoked', 'expired'], {
      title: 'Invitation State',
      description: '`open` while its token is taken.',
      examples: ['open'],
    }),
    created_by: annotated(UserId, { description: 'Who made it.' }),
    updated_by: annotated(UserId, {
      description: 'Who sent or revoked it last. It is taken while they may invite.',
    }),
    created_at: CreatedAt,
    updated_at: UpdatedAt,
    expires_at: annotated(Timestamp, { description: 'Until when it is taken.' }),
    accepted_at: nullable(
      annotated(Timestamp, { description: 'When they joined; null where they did not.' }),
    ),
    accepted_by: nullable(
      annotated(UserId, { description: 'As whom they joined; null where they did not.' }),
    ),
    revoked_at: nullable(
      annotated(Timestamp, { description: 'When it was revoked; null where it was not.' }),
    ),
  },
  { title: 'Invitation', description: 'Somebody who was asked by mail to join an organization.' },
);
export type Invitation = Static<typeof Invitation>;

export const NewInvitation = exactly(
  { email: InvitedEmail, team_id: InvitedTeam, role: withDefault(InvitedRole, 'member') },
  { title: 'New Invitation', description: 'Whom to ask, and into which team.' },
);
export type NewInvitation = Static<typeof NewInvitation>;

export const Acceptance = exactly(
  {
    token: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The token of the mail. It is good once.',
      examples: ['0nZ3xV7bTq9LrYc2Hs5Dw8Gk1Jm4Pf6Rt-Au_EiOoXz'],
    }),
    username: Type.Optional(Username),
    password: Type.Optional(Password),
    full_name: Type.Optional(FullName),
  },
  {
    title: 'Acceptance',
    description:
      'The token alone for who has an account with the address and proved it. `username` and `password` for who has none; `password` for who has one that nobody proved: what it was before ends.',
  },
);
export type Acceptance = Static<typeof Acceptance>;

export const InvitationPath = exactly({ org_id: OrgId, invitation_id: InvitationId });
export const InvitationListQuery = exactly(pageQuery);
export type InvitationListQuery = Static<typeof InvitationListQuery>;
export const InvitationPage = pageOf(Invitation, 'Invitation Page');
