import type { Queryable } from '../../platform/database/queryable.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { membershipStore } from './membership-store.ts';
import type { UserRecord } from './user-schemas.ts';

type Role = UserRecord['role'];

/**
 * Adds a user to a team. Throws 404 `team.not_found`, 409 `team.user_limit_reached` (deleted users do not count), and
 * whatever the database says of a member who is one already.
 */
export async function addToTeam(
  tx: Queryable,
  membership: { orgId: string; teamId: string; userId: string; role: Role },
): Promise<void> {
  const { orgId, teamId, userId, role } = membership;
  const memberships = membershipStore(tx, orgId);
  const team = await memberships.lockTeam(teamId);
  if (team === undefined) {
    throw new ApiError('team.not_found');
  }
  if ((await memberships.countUsers(teamId)) >= team.max_users) {
    throw new ApiError('team.user_limit_reached');
  }
  await memberships.add(teamId, userId, role);
  await memberships.settleHomeTeam(userId);
}

/** Gives a member of a team another role; throws 404 `team.member_not_found`, 400 `team.last_admin`. */
export async function changeTeamRole(
  tx: Queryable,
  membership: { orgId: string; teamId: string; userId: string; role: Role },
): Promise<Role> {
  const { orgId, teamId, userId, role } = membership;
  const memberships = membershipStore(tx, orgId);
  await memberships.lockTeam(teamId);
  const current = await memberships.find(teamId, userId);
  if (current === undefined) {
    throw new ApiError('team.member_not_found');
  }
  if (current.role === 'admin' && role !== 'admin') {
    await requireAnotherAdmin(tx, orgId, teamId, userId);
  }
  await memberships.setRole(teamId, userId, role);
  return current.role;
}

/** Takes a member out of a team; throws 404 `team.member_not_found`, 400 `team.last_admin`. */
export async function removeFromTeam(
  tx: Queryable,
  membership: { orgId: string; teamId: string; userId: string },
): Promise<Role> {
  const { orgId, teamId, userId } = membership;
  const memberships = membershipStore(tx, orgId);
  await memberships.lockTeam(teamId);
  const current = await memberships.find(teamId, userId);
  if (current === undefined) {
    throw new ApiError('team.member_not_found');
  }
  if (current.role === 'admin') {
    await requireAnotherAdmin(tx, orgId, teamId, userId);
  }
  await memberships.remove(teamId, userId);
  await memberships.settleHomeTeam(userId);
  return current.role;
}

/** Takes everybody out of a team that is about to go, which needs no last admin; answers who was in it. */
export async function emptyTeam(
  tx: Queryable,
  team: { orgId: string; teamId: string },
): Promise<readonly { user_id: string; role: Role }[]> {
  const memberships = membershipStore(tx, team.orgId);
  const members = await memberships.removeAll(team.teamId);
  await memberships.settleHomeTeamsOf(team.teamId);
  return members;
}

/** Throws 400 where a user who is about to go is the last admin of a team or the last owner of the organization. */
export async function requireReplaceable(tx: Queryable, orgId: string, user: UserRecord): Promise<void> {
  const memberships = membershipStore(tx, orgId);
  if (user.organization_role === 'owner' && (await memberships.countOtherOwners(user.id)) === 0) {
    throw new ApiError('organization.last_owner');
  }
  for (const { team_id, role } of await memberships.teamsOf(user.id)) {
    if (role === 'admin') {
      await memberships.lockTeam(team_id);
      await requireAnotherAdmin(tx, orgId, team_id, user.id);
    }
  }
}

/** Throws 409 where a user who has just come back is one too many in a team. */
export async function requireRoomInTeams(tx: Queryable, orgId: string, userId: string): Promise<void> {
  const memberships = membershipStore(tx, orgId);
  for (const { team_id } of await memberships.teamsOf(userId)) {
    const team = await memberships.lockTeam(team_id);
    if (team !== undefined && (await memberships.countUsers(team_id)) > team.max_users) {
      throw new ApiError('team.user_limit_reached');
    }
  }
}

async function requireAnotherAdmin(
  tx: Queryable,
  orgId: string,
  teamId: string,
  userId: string,
): Promise<void> {
  if ((await membershipStore(tx, orgId).countOtherAdmins(teamId, userId)) === 0) {
    throw new ApiError('team.last_admin');
  }
}
