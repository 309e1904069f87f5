import { momentOf } from '../../platform/changes/moment.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { organizationStore } from '../organizations/index.ts';
import { membershipStore } from './membership-store.ts';
import type { UserRecord } from './user-schemas.ts';

type Role = UserRecord['role'];

/** Whether a team may be left without an admin of its own: those of the organization act as its admins. */
interface LastAdmin {
  readonly mayBeLastAdmin?: boolean;
}

/**
 * Adds a user to a team; answers when. Throws 404 `team.not_found`, 409 `team.user_limit_reached` (deleted users do not count), and
 * whatever the database says of a member who is one already.
 */
export async function addToTeam(
  tx: Queryable,
  membership: { orgId: string; teamId: string; userId: string; role: Role },
): Promise<string> {
  const { orgId, teamId, userId, role } = membership;
  const memberships = membershipStore(tx, orgId);
  const team = await memberships.lockTeam(teamId);
  if (team === undefined) {
    throw new ApiError('team.not_found');
  }
  if ((await memberships.countUsers(teamId)) >= team.max_users) {
    throw new ApiError('team.user_limit_reached');
  }
  const at = await teamMoment(tx, orgId, teamId);
  await memberships.add(teamId, userId, role, at);
  await memberships.settleHomeTeam(userId, at);
  return at;
}

/**
 * Gives a member of a team another role; answers which it was, and when: undefined where it is theirs already. Throws 404
 * `team.member_not_found`, 400 `team.last_admin`.
 */
export async function changeTeamRole(
  tx: Queryable,
  membership: { orgId: string; teamId: string; userId: string; role: Role },
  { mayBeLastAdmin = false }: LastAdmin = {},
): Promise<{ from: Role; at: string } | undefined> {
  const { orgId, teamId, userId, role } = membership;
  const memberships = membershipStore(tx, orgId);
  await memberships.lockTeam(teamId);
  const current = await memberships.find(teamId, userId);
  if (current === undefined) {
    throw new ApiError('team.member_not_found');
  }
  if (current.role === role) {
    return undefined;
  }
  if (current.role === 'admin' && !mayBeLastAdmin) {
    await requireAnotherAdmin(tx, orgId, teamId, userId);
  }
  const at = await teamMoment(tx, orgId, teamId);
  await memberships.setRole(teamId, userId, role, at);
  return { from: current.role, at };
}

/** Takes a member out of a team; answers their role there, and when. Throws 404 `team.member_not_found`, 400 `team.last_admin`. */
export async function removeFromTeam(
  tx: Queryable,
  membership: { orgId: string; teamId: string; userId: string },
  { mayBeLastAdmin = false }: LastAdmin = {},
): Promise<{ role: Role; at: string }> {
  const { orgId, teamId, userId } = membership;
  const memberships = membershipStore(tx, orgId);
  await memberships.lockTeam(teamId);
  const current = await memberships.find(teamId, userId);
  if (current === undefined) {
    throw new ApiError('team.member_not_found');
  }
  if (current.role === 'admin' && !mayBeLastAdmin) {
    await requireAnotherAdmin(tx, orgId, teamId, userId);
  }
  const at = await teamMoment(tx, orgId, teamId);
  await memberships.remove(teamId, userId);
  await memberships.settleHomeTeam(userId, at);
  return { role: current.role, at };
}

/** Takes everybody out of a team that is about to go, which needs no last admin; answers who was in it. */
export async function emptyTeam(
  tx: Queryable,
  team: { orgId: string; teamId: string; at: string },
): Promise<readonly { user_id: string; role: Role }[]> {
  const memberships = membershipStore(tx, team.orgId);
  const members = await memberships.removeAll(team.teamId);
  await memberships.settleHomeTeamsOf(team.teamId, team.at);
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

/** Locks an organization, and throws 409 where it has no room for one member more. Throws 404 where there is none. */
export async function requireRoom(tx: Queryable, orgId: string): Promise<void> {
  const organizations = organizationStore(tx);
  const organization = await organizations.lock(orgId);
  if (organization === undefined) {
    throw new ApiError('organization.not_found');
  }
  if (!(await organizations.hasRoom(organization))) {
    throw new ApiError('organization.user_limit_reached');
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

/** The time of a change to who is in a team; the team is locked. */
const teamMoment = (tx: Queryable, orgId: string, teamId: string): Promise<string> =>
  momentOf(tx, orgId, { resourceType: 'team', resourceId: teamId });

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
