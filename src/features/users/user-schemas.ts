import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  includeDeleted,
  JsonObject,
  noted,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  searchQuery,
  Timestamp,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  CreatedBy,
  DeletedAt,
  DeletedBy,
  exampleIds,
  OrganizationId,
  OrgId,
  RepeatedOrganizationId,
  TeamId,
  UpdatedAt,
  UpdatedBy,
} from '../../platform/schemas/shared-fields.ts';

export const teamRoles = ['admin', 'member', 'viewer'] as const;

export const TeamRole = oneOf(teamRoles, {
  title: 'Team Role',
  description:
    'What a user may do in a team: viewers read, members write, admins manage and delete, too. Owners and admins of an organization count as admin in each of its teams.',
  examples: ['member'],
});
export const OrganizationRole = oneOf(['owner', 'admin', 'member'], {
  title: 'Organization Role',
  description:
    'What a user may do in an organization as a whole: owners and admins count as admin in each of its teams, and owners say who is what.',
  examples: ['admin'],
});
export const Email = Type.String({
  pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
  maxLength: 320,
  description: 'An e-mail address; unique in the whole service, whatever its case.',
  examples: ['ada@example.com'],
});
export const Username = Type.String({
  pattern: '^[A-Za-z0-9_-]+$',
  minLength: 3,
  maxLength: 100,
  description: 'A name for the user; unique in the whole service, whatever its case.',
  examples: ['ada'],
});
/** The length is checked by the password policy, whose limits are configuration. */
export const Password = Type.String({
  minLength: 1,
  maxLength: 1_024,
  description:
    'At least 15 characters, where the operator did not set another length, and none of those that everybody knows. It is never shown again.',
  examples: ['correct-horse-battery-staple'],
});
/** @NOTE no rules for what is tried: old passwords stay usable. */
export const CurrentPassword = Type.String({
  maxLength: 1_024,
  description:
    'The password that the caller has, where they set another one of their own. Who has none logs in through the provider within ten minutes before.',
  examples: ['correct-horse-battery-staple'],
});
export const FullName = nullable(
  Type.String({
    maxLength: 255,
    description: 'The name by which people call them; null where nobody said.',
    examples: ['Ada Lovelace'],
  }),
);
export const IsActive = Type.Boolean({
  description: 'Where false, the user can neither log in nor use a token that they have.',
});
export const IsVerified = Type.Boolean({
  description:
    'Whether they proved that the e-mail address is theirs: by the token of a mail to it, or a login through the provider of single sign-on, which had verified it. Whoever changes it, the new one is not verified.',
});
const IsServiceAccount = Type.Boolean({
  description:
    'Whether it is no person but a program’s: nobody logs in as it, and API keys that admins of the organization make act for it.',
  examples: [false],
});
const AvatarUrl = nullable(
  Type.String({
    maxLength: 500,
    description: 'The address of a picture, stored as it is; null where there is none.',
    examples: ['https://example.com/ada.png'],
  }),
);
const Preferences = annotated(JsonObject, {
  description: 'Settings of the user for your programs, stored as they are.',
  examples: [{ theme: 'dark' }],
});
const UserId = annotated(Uuid, { description: 'The id of the user.', examples: [exampleIds.user] });
/** The home team of a user. */
export const HomeTeamId = nullable(
  annotated(TeamId, { description: 'Their home team in this organization; null where they are in no team.' }),
);
/** The role of a user who is shown by themselves. */
export const HomeRole = annotated(TeamRole, {
  description: 'Their role in the home team; `admin` for owners and admins of the organization.',
});

const fields = {
  id: UserId,
  org_id: OrgId,
  organization_id: OrganizationId,
  team_id: HomeTeamId,
  role: HomeRole,
  email: Email,
  username: Username,
  full_name: FullName,
  avatar_url: AvatarUrl,
  is_active: IsActive,
  is_verified: IsVerified,
  is_service_account: IsServiceAccount,
  preferences: Preferences,
  created_by: CreatedBy,
  updated_by: UpdatedBy,
  deleted_at: DeletedAt,
  deleted_by: DeletedBy,
  created_at: CreatedAt,
  updated_at: UpdatedAt,
};

/** A user as an organization sees them: `team_id` is their home team there, `role` what they may do in it. */
export const User = exactly(fields, {
  title: 'User',
  description: 'A person, as a member of an organization. Passwords are never shown.',
});
export type User = Static<typeof User>;

/** A user with what decides who may change them. */
export const UserRecord = exactly({
  ...fields,
  /** Role in the organization through which the user was read. */
  organization_role: oneOf(['owner', 'admin', 'member']),
  /** The organization that manages this identity. */
  home_org_id: Uuid,
  /** When the user joined the organization, which is what its list is sorted by. */
  joined_at: Timestamp,
});
export type UserRecord = Static<typeof UserRecord>;

/** A user as a member of a team. */
export const TeamMemberRecord = exactly({
  ...UserRecord.properties,
  /** Role in that team. */
  member_role: TeamRole,
  /** When the user joined that team, which is what its list is sorted by. */
  member_since: Timestamp,
});
export type TeamMemberRecord = Static<typeof TeamMemberRecord>;

export const NewUser = exactly(
  {
    email: Email,
    username: Username,
    team_id: annotated(TeamId, { description: 'The team that they begin in, which is their home team.' }),
    organization_id: Type.Optional(RepeatedOrganizationId),
    full_name: withDefault(FullName, null),
    avatar_url: withDefault(AvatarUrl, null),
    preferences: withDefault(Preferences, {}),
    is_active: withDefault(IsActive, true),
    is_verified: withDefault(noted(IsVerified, 'True is for admins of the organization.'), false),
    password: Type.Optional(noted(Password, 'Without one they cannot log in by password.')),
    role: withDefault(annotated(TeamRole, { description: 'Their role in the team.' }), 'member'),
  },
  { title: 'New User', description: 'A user to be made in a team of the organization.' },
);
export type NewUser = Static<typeof NewUser>;

export const NewServiceAccount = exactly(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'What it is for, in words of yours: its `full_name`.',
      examples: ['Triage agent'],
    }),
    team_id: annotated(TeamId, { description: 'The team that it begins in, which is its home team.' }),
    role: withDefault(annotated(TeamRole, { description: 'Its role in the team.' }), 'member'),
  },
  {
    title: 'New Service Account',
    description: 'A user that is no person, to be made in a team of the organization.',
  },
);
export type NewServiceAccount = Static<typeof NewServiceAccount>;

export const UserUpdate = exactly(
  {
    email: Type.Optional(
      noted(Email, 'For oneself, who is then no longer verified, and admins of the organization.'),
    ),
    username: Type.Optional(noted(Username, 'For oneself and admins of the organization.')),
    full_name: Type.Optional(FullName),
    avatar_url: Type.Optional(AvatarUrl),
    preferences: Type.Optional(Preferences),
    is_active: Type.Optional(noted(IsActive, 'For admins, not for oneself.')),
    is_verified: Type.Optional(
      noted(
        IsVerified,
        'Taken from admins of the organization, and without effect: nobody can say it of another.',
      ),
    ),
    password: Type.Optional(
      noted(
        Password,
        'For oneself, with `current_password`, and admins of the organization. It ends all sessions of the user.',
      ),
    ),
    current_password: Type.Optional(CurrentPassword),
    role: Type.Optional(
      annotated(TeamRole, { description: 'Their role in the home team. For admins, not for oneself.' }),
    ),
  },
  {
    title: 'User Update',
    description: 'Fields of a user to change; those that are left out stay.',
    minProperties: 1,
  },
);
export type UserUpdate = Static<typeof UserUpdate>;

export const PasswordChange = exactly(
  { current_password: Type.Optional(CurrentPassword), new_password: Password },
  { title: 'Password Change', description: 'Another password of the caller’s own.' },
);
export type PasswordChange = Static<typeof PasswordChange>;

export const OrganizationRoleChange = exactly(
  { role: OrganizationRole },
  {
    title: 'Organization Role Change',
    description: 'What a member is to be in the organization as a whole.',
  },
);
export type OrganizationRoleChange = Static<typeof OrganizationRoleChange>;

export const OwnershipTransfer = exactly(
  {
    user_id: annotated(Uuid, {
      description: 'The member who is to be the owner in the caller’s place.',
      examples: [exampleIds.colleague],
    }),
  },
  { title: 'Ownership Transfer', description: 'To whom an organization passes.' },
);

export const MemberPath = exactly({ org_id: OrgId, user_id: UserId });
export const UserPath = exactly({ user_id: UserId });
export const UserQuery = exactly({ include_deleted: includeDeleted });
export const UserListQuery = exactly({
  q: searchQuery('e-mail address, username or full name'),
  ...pageQuery,
  include_deleted: includeDeleted,
});
export type UserListQuery = Static<typeof UserListQuery>;
export const UserPage = pageOf(User, 'User Page');
