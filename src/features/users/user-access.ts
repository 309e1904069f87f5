import type { Caller } from '../../platform/auth/caller.ts';
import { isOrganizationAdmin, type OrganizationRole } from '../../platform/auth/principal.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import type { NewUser, UserRecord, UserUpdate } from './user-schemas.ts';

const ranks: Readonly<Record<OrganizationRole, number>> = { member: 0, admin: 1, owner: 2 };

/** Who may set which field. Fields that are not listed belong to oneself and to admins alike. */
const forbiddenToOneself: readonly (keyof UserUpdate)[] = ['role', 'is_active', 'is_verified'];
// @NOTE whoever sets another person's address or password can log in as them; that takes more than a role in one team.
const forbiddenToTeamAdmins: readonly (keyof UserUpdate)[] = ['email', 'username', 'password', 'is_verified'];

/** Throws 403 where the user is of a higher rank in the organization than the caller. */
export function requireNoHigherRank(caller: Caller, user: UserRecord): void {
  if (hasHigherRank(caller, user)) {
    throw new ApiError('auth.forbidden', {
      why: `the user is ${user.organization_role}, the caller ${rankOf(caller, user)}`,
    });
  }
}

export const hasHigherRank = (caller: Caller, user: UserRecord): boolean =>
  ranks[user.organization_role] > ranks[rankOf(caller, user)];

const rankOf = (caller: Caller, user: UserRecord): OrganizationRole =>
  caller.principal.organizations.get(user.org_id) ?? 'member';

/** Throws 403 where another organization than the one at hand manages this identity. */
export function requireOwnIdentity(caller: Caller, user: UserRecord): void {
  if (user.id !== caller.userId && user.home_org_id !== user.org_id) {
    throw new ApiError('auth.forbidden', { why: 'another organization manages this identity' });
  }
}

/** Throws 403 `user.field_forbidden`, with a pointer for each field that the caller may not set on this user. */
export function requireAllowedFields(caller: Caller, user: UserRecord, fields: UserUpdate): void {
  requirePerson(user, fields);
  const forbidden =
    user.id === caller.userId
      ? forbiddenToOneself
      : isOrganizationAdmin(caller.principal, user.org_id)
        ? []
        : forbiddenToTeamAdmins;
  refuse(forbidden.filter((name) => fields[name] !== undefined));
}

/**
 * Throws 403 `user.field_forbidden` where somebody else sets what a person logs in with, though they proved that the address is
 * theirs: what an organization gave to an account that nobody had proved is not its any more. `user` as it is under its lock.
 */
export function requireUnproved(caller: Caller, user: UserRecord, fields: UserUpdate): void {
  const ofThePerson = user.id !== caller.userId && user.is_verified ? (['email', 'password'] as const) : [];
  refuse(
    ofThePerson.filter((name) => fields[name] !== undefined),
    'is for them alone to set: they proved that the address is theirs',
  );
}

/**
 * Throws 403 `user.field_forbidden` for what concerns the person of a user who belongs to another organization, too: only their role in
 * this one is its own. Whoever could set the password of somebody who founded an organization elsewhere would own that one.
 */
export function requireOwnMembership(update: UserUpdate): void {
  const { role: _, is_verified: __, current_password: ___, ...ofThePerson } = update;
  refuse(
    Object.keys(ofThePerson),
    'is for them alone to set: they belong to another organization, too; remove them from yours',
  );
}

/** Throws 403 `user.field_forbidden` where an admin of a team says of a new user what only admins of the organization may say. */
export function requireAllowedVerification(caller: Caller, orgId: string, draft: NewUser): void {
  refuse(draft.is_verified && !isOrganizationAdmin(caller.principal, orgId) ? ['is_verified'] : []);
}

/** Throws 403 `user.field_forbidden` for what a service account does not have: a way to log in, and a name to do it by. */
function requirePerson(user: UserRecord, update: UserUpdate): void {
  const ofPeople = user.is_service_account ? (['email', 'username', 'password'] as const) : [];
  refuse(
    ofPeople.filter((name) => update[name] !== undefined),
    'is nothing that a service account has: nobody logs in as it',
  );
}

function refuse(names: readonly string[], message = 'may not be set by your role'): void {
  if (names.length > 0) {
    throw new ApiError('user.field_forbidden', {
      faults: names.map((name) => ({ pointer: `/${name}`, message })),
    });
  }
}
