import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { type Sql, sql } from '../../platform/database/sql.ts';
import { TeamRole } from '../users/index.ts';

const Group = Type.Object({ external_group: Type.String() });

const Role = Type.Union([TeamRole, Type.Null()]);

const Standing = Type.Object({
  user_id: Type.String(),
  team_id: Type.String(),
  /** Whether anything can be given there. */
  is_active: Type.Boolean(),
  /** What their groups give; null: nothing. */
  wanted: Role,
  /** What groups gave before. */
  given: Role,
  /** What they have, whoever gave it. */
  current: Role,
});
/** How somebody stands in a team that groups have given, or give, them a role in. */
export type Standing = Static<typeof Standing>;

/** Whose standing: of one user in whatever team, or of everybody in one. */
export type Whose = { readonly userId: string } | { readonly teamId: string };

const among = (whose: Whose, user: Sql, team: Sql): Sql =>
  'userId' in whose ? sql`${user} = ${whose.userId}` : sql`${team} = ${whose.teamId}`;

/** Groups of sources outside, and what they gave here, within the tenant's scope of `db`. */
export const externalGroupStore = (db: Queryable, orgId: string) => ({
  /** The groups that a source said last that the user is in, in order. */
  async groupsOf(userId: string, source: string): Promise<string[]> {
    const rows = await db.many(
      Group,
      sql`select external_group from external_group_members
          where org_id = ${orgId} and user_id = ${userId} and source = ${source} order by external_group collate "C"`,
    );
    return rows.map(({ external_group: group }) => group);
  },

  async setGroups(userId: string, source: string, groups: readonly string[]): Promise<void> {
    await db.run(
      sql`delete from external_group_members
          where org_id = ${orgId} and user_id = ${userId} and source = ${source} and external_group <> all(${groups}::text[])`,
    );
    await db.run(
      sql`insert into external_group_members (org_id, user_id, source, external_group)
          select ${orgId}, ${userId}, ${source}, unnest(${groups}::text[]) on conflict do nothing`,
    );
  },

  /** In the order in which teams are locked. Nothing is wanted for who was deleted or has left. */
  standings: (whose: Whose): Promise<Standing[]> =>
    db.many(
      Standing,
      sql`select user_id, team_id, t.is_active and o.is_active as is_active, w.role as wanted, g.role as given, tm.role as current
          from (
            select e.user_id, m.team_id,
                   (array_agg(m.role order by array_position(array['admin', 'member', 'viewer'], m.role)))[1] as role
            from external_group_members e
            join group_mappings m on m.org_id = e.org_id and m.external_group = e.external_group
            join organization_memberships om on om.org_id = e.org_id and om.user_id = e.user_id
            join users u on u.id = e.user_id and u.deleted_at is null
            where e.org_id = ${orgId} and ${among(whose, sql`e.user_id`, sql`m.team_id`)}
            group by e.user_id, m.team_id
          ) w
          full join (
            select user_id, team_id, role from mapped_memberships mm
            where mm.org_id = ${orgId} and ${among(whose, sql`mm.user_id`, sql`mm.team_id`)}
          ) g using (user_id, team_id)
          join organizations o on o.id = ${orgId}
          join teams t on t.org_id = ${orgId} and t.id = team_id
          left join (select user_id, team_id, role from team_memberships where org_id = ${orgId}) tm using (user_id, team_id)
          order by team_id, user_id`,
    ),

  /** Locks teams in the order of their ids, so that their members change one by one. */
  lockTeams: (ids: readonly string[]): Promise<number> =>
    db.run(
      sql`select from teams where org_id = ${orgId} and id = any(${ids}::uuid[]) order by id for no key update`,
    ),

  noteGiven: ({ user_id: userId, team_id: teamId }: Standing, role: string): Promise<number> =>
    db.run(
      sql`insert into mapped_memberships (org_id, team_id, user_id, role) values (${orgId}, ${teamId}, ${userId}, ${role})
          on conflict (org_id, team_id, user_id) do update set role = excluded.role`,
    ),
});
