import { type Static, Type } from 'typebox';
import type { Principal } from '../../platform/auth/principal.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable, oneOf } from '../../platform/schemas/common-schemas.ts';
import { TeamRole } from '../users/index.ts';

const Credentials = Type.Object({
  id: Type.String(),
  org_id: Type.String(),
  email: Type.String(),
  password_hash: nullable(Type.String()),
  is_active: Type.Boolean(),
});
export type Credentials = Static<typeof Credentials>;

const PrincipalRow = Type.Object({
  id: Type.String(),
  email: Type.String(),
  username: Type.String(),
  organizations: Type.Array(Type.Object({ id: Type.String(), role: oneOf(['owner', 'admin', 'member']) })),
  teams: Type.Array(Type.Object({ id: Type.String(), org_id: Type.String(), role: TeamRole })),
});

/** What finding out who calls needs to know: the one part of the service that works before there is a tenant. */
export const credentialStore = (db: Database) => ({
  /** The user with this address, in whatever case, who is not deleted. */
  byEmail: (email: string): Promise<Credentials | undefined> =>
    db.within({ loginEmail: email }).maybe(
      Credentials,
      sql`select id, org_id, email, password_hash, is_active
          from users where email_key = email_key(${email}) and deleted_at is null`,
    ),

  /** Who a token's user is now: undefined where deactivated, deleted, unknown or no longer in that organization. */
  async principal(userId: string, orgId: string): Promise<Principal | undefined> {
    const row = await db.within({ userId }).maybe(
      PrincipalRow,
      sql`select u.id, u.email, u.username,
            (select coalesce(json_agg(json_build_object('id', m.org_id, 'role', m.role)), '[]')
             from organization_memberships m where m.user_id = u.id) as organizations,
            (select coalesce(json_agg(json_build_object('id', tm.team_id, 'org_id', tm.org_id, 'role', tm.role)), '[]')
             from team_memberships tm where tm.user_id = u.id) as teams
          from users u where u.id = ${userId} and u.is_active and u.deleted_at is null`,
    );
    if (row === undefined) {
      return undefined;
    }
    const organizations = new Map(row.organizations.map(({ id, role }) => [id, role]));
    if (!organizations.has(orgId)) {
      return undefined;
    }
    const teams = new Map(row.teams.map(({ id, org_id, role }) => [id, { orgId: org_id, role }]));
    return { userId: row.id, email: row.email, username: row.username, orgId, organizations, teams };
  },
});
