import { type Static, Type } from 'typebox';
import {
  exactly,
  includeDeleted,
  JsonObject,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';

export const teamRoles = ['admin', 'member', 'viewer'] as const;

export const TeamRole = oneOf(teamRoles, { description: 'Role in a team.' });
export const Email = Type.String({
  pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
  maxLength: 320,
  examples: ['ada@example.com'],
});
export const Username = Type.String({
  pattern: '^[A-Za-z0-9_-]+$',
  minLength: 3,
  maxLength: 100,
  examples: ['ada'],
});
/** The length is checked by the password policy, whose limits are configuration. */
export const Password = Type.String({
  minLength: 1,
  maxLength: 1_024,
  examples: ['correct-horse-battery-staple'],
});
export const FullName = nullable(Type.String({ maxLength: 255, examples: ['Ada Lovelace'] }));
const AvatarUrl = nullable(Type.String({ maxLength: 500 }));

const fields = {
  id: Uuid,
  org_id: Uuid,
  organization_id: Uuid,
  team_id: nullable(Uuid),
  role: TeamRole,
  email: Email,
  username: Username,
  full_name: FullName,
  avatar_url: AvatarUrl,
  is_active: Type.Boolean(),
  is_verified: Type.Boolean(),
  preferences: JsonObject,
  created_by: nullable(Uuid),
  updated_by: nullable(Uuid),
  deleted_at: nullable(Timestamp),
  deleted_by: nullable(Uuid),
  created_at: Timestamp,
  updated_at: Timestamp,
};

/** A user as an organization sees them: `team_id` is their home team there, `role` what they may do in it. */
export const User = exactly(fields, { title: 'User' });
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

const profile = {
  full_name: Type.Optional(FullName),
  avatar_url: Type.Optional(AvatarUrl),
  preferences: Type.Optional(JsonObject),
  is_active: Type.Optional(Type.Boolean()),
  is_verified: Type.Optional(Type.Boolean()),
  password: Type.Optional(Password),
  role: Type.Optional(TeamRole),
};

export const NewUser = exactly(
  { email: Email, username: Username, team_id: Uuid, organization_id: Type.Optional(Uuid), ...profile },
  { title: 'New User' },
);
export type NewUser = Static<typeof NewUser>;

export const UserUpdate = exactly(
  { email: Type.Optional(Email), username: Type.Optional(Username), ...profile },
  { title: 'User Update', minProperties: 1 },
);
export type UserUpdate = Static<typeof UserUpdate>;

export const UserPath = exactly({ user_id: Uuid });
export const UserQuery = exactly({ include_deleted: includeDeleted });
export const UserListQuery = exactly({ ...pageQuery, include_deleted: includeDeleted });
export type UserListQuery = Static<typeof UserListQuery>;
export const UserPage = pageOf(User, 'User Page');
