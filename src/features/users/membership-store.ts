import { Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, sql } from '../../platform/database/sql.ts';
import { TeamRole } from './user-schemas.ts';

const LockedTeam = Type.Object({ max_users: Type.Integer(), name: Type.String() });
const Membership = Type.Object({ role: TeamRole });
const TeamOfUser = Type.Object({ team_id: Type.String(), role: TeamRole });
const Member = Type.Object({ user_id: Type.String(), role: TeamRole });
const Count = Type.Object({ n: Type.Integer() });

const isLive = sql`exists (select from users u where u.id = tm.user_id and u.deleted_at is null)`;
/** Somebody who can do what only an admin can: no program stands in for the last one. */
const isActive = sql`exists (
  select from users u where u.id = tm.user_id and u.deleted_at is null and u.is_active and u.kind = 'person'
)`;

const homeTeam = sql`(
  select tm.team_id from team_memberships tm
  where tm.org_id = m.org_id and tm.user_id = m.user_id
  order by tm.team_id is distinct from m.team_id, tm.created_at, tm.team_id limit 1
)`;

/** Who is in which team, within the tenant's scope of `db`. */
export const membershipStore = (db: Queryable, orgId: string) => ({
  /**
   * Locks a team until the transaction ends, so that its members change one by one: its limit and its last admin
   * hold under concurrency. Undefined where the organization has no such team.
   */
  lockTeam: (teamId: string) =>
    db.maybe(
      LockedTeam,
      sql`select t.name, (select max_users_per_team from organizations where id = ${orgId}) as max_users
          from teams t where t.org_id = ${orgId} and t.id = ${teamId} for no key update`,
    ),

  find: (teamId: string, userId: string) =>
    db.maybe(
      Membership,
      sql`select role from team_memberships tm
          where org_id = ${orgId} and team_id = ${teamId} and user_id = ${userId} and ${isLive}`,
    ),

  async countUsers(teamId: string): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*) as n from team_memberships tm where org_id = ${orgId} and team_id = ${teamId} and ${isLive}`,
    );
    return n;
  },

  /** How many active admins the team has besides this user. */
  async countOtherAdmins(teamId: string, userId: string): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*) as n from team_memberships tm
          where org_id = ${orgId} and team_id = ${teamId} and role = 'admin' and user_id <> ${userId} and ${isActive}`,
    );
    return n;
  },

  /** The teams of a user, in the order in which they are to be locked. */
  teamsOf: (userId: string) =>
    db.many(
      TeamOfUser,
      sql`select team_id, role from team_memberships
          where org_id = ${orgId} and user_id = ${userId} order by team_id`,
    ),

  add: (teamId: string, userId: string, role: string, at: string): Promise<number> =>
    db.run(
      sql`insert into team_memberships ${insertion({
        org_id: orgId,
        team_id: teamId,
        user_id: userId,
        role,
        created_at: at,
        updated_at: at,
      })}`,
    ),

  setRole: (teamId: string, userId: string, role: string, at: string): Promise<number> =>
    db.run(
      sql`update team_memberships set role = ${role}, updated_at = greatest(updated_at, ${at})
          where org_id = ${orgId} and team_id = ${teamId} and user_id = ${userId}`,
    ),

  /** In the organization as a whole. */
  setOrganizationRole: (userId: string, role: string, at: string): Promise<number> =>
    db.run(
      sql`update organization_memberships set role = ${role}, updated_at = greatest(updated_at, ${at})
          where org_id = ${orgId} and user_id = ${userId}`,
    ),

  remove: (teamId: string, userId: string): Promise<number> =>
    db.run(
      sql`delete from team_memberships where org_id = ${orgId} and team_id = ${teamId} and user_id = ${userId}`,
    ),

  /** Takes everybody out of a team; answers who was in it. */
  removeAll: (teamId: string) =>
    db.many(
      Member,
      sql`delete from team_memberships where org_id = ${orgId} and team_id = ${teamId} returning user_id, role`,
    ),

  /** Gives those whose home team this was the first of the teams that they are in, or none. */
  settleHomeTeamsOf: (teamId: string, at: string): Promise<number> =>
    db.run(
      sql`update organization_memberships m set updated_at = greatest(m.updated_at, ${at}), team_id = (
            select tm.team_id from team_memberships tm
            where tm.org_id = m.org_id and tm.user_id = m.user_id order by tm.created_at, tm.team_id limit 1
          )
          where m.org_id = ${orgId} and m.team_id = ${teamId}`,
    ),

  /** Gives a member a home team: the one they keep, else the first of their teams, else none. */
  settleHomeTeam: (userId: string, at: string): Promise<number> =>
    db.run(
      sql`update organization_memberships m set updated_at = greatest(m.updated_at, ${at}), team_id = ${homeTeam}
          where m.org_id = ${orgId} and m.user_id = ${userId} and m.team_id is distinct from ${homeTeam}`,
    ),

  /** How many active owners the organization has besides this user. */
  async countOtherOwners(userId: string): Promise<number> {
    const { n } = await db.one(
      Count,
      sql`select count(*) as n from organization_memberships tm
          where org_id = ${orgId} and role = 'owner' and user_id <> ${userId} and ${isActive}`,
    );
    return n;
  },
});
