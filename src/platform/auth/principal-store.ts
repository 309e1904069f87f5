import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import { type Sql, sql } from '../database/sql.ts';
import { oneOf } from '../schemas/common-schemas.ts';
import type { Principal } from './principal.ts';
import type { VerifiedSubject } from './tokens.ts';

const PrincipalRow = Type.Object({
  id: Type.String(),
  email: Type.String(),
  username: Type.String(),
  organizations: Type.Array(Type.Object({ id: Type.String(), role: oneOf(['owner', 'admin', 'member']) })),
  teams: Type.Array(
    Type.Object({ id: Type.String(), org_id: Type.String(), role: oneOf(['admin', 'member', 'viewer']) }),
  ),
});

export type PrincipalStore = ReturnType<typeof principalStore>;

/** Of a user `u` and the epoch `e`: whether the token's session is not over. */
const isLive = (orgId: string, sessionId: string | undefined): Sql =>
  sql`case when ${sessionId ?? null}::uuid is null
           then u.session_generation = 0 and e.unbound_until > now()
           else exists (
             select from sessions s
             where s.org_id = ${orgId} and s.id = ${sessionId ?? null} and s.user_id = u.id and s.ended_at is null
               and s.expires_at > now() and s.generation = u.session_generation and s.epoch = e.epoch
           ) end`;

/** Who callers are: read anew for each request, before there is a tenant, in the scope of the user alone. */
export const principalStore = (db: Database) => ({
  /**
   * Who a token's user is now: undefined where deactivated, deleted, unknown or no longer in that organization, and where the token's
   * session is over.
   */
  async find({ userId, orgId, sessionId }: VerifiedSubject): Promise<Principal | undefined> {
    const row = await db.within({ userId }).maybe(
      PrincipalRow,
      sql`select u.id, u.email, u.username,
            (select coalesce(json_agg(json_build_object('id', m.org_id, 'role', m.role)), '[]')
             from organization_memberships m where m.user_id = u.id) as organizations,
            (select coalesce(json_agg(json_build_object('id', tm.team_id, 'org_id', tm.org_id, 'role', tm.role)), '[]')
             from team_memberships tm where tm.user_id = u.id) as teams
          from users u, credential_epoch e
          where u.id = ${userId} and u.is_active and u.deleted_at is null and ${isLive(orgId, sessionId)}`,
    );
    if (row === undefined) {
      return undefined;
    }
    const organizations = new Map(row.organizations.map(({ id, role }) => [id, role]));
    if (!organizations.has(orgId)) {
      return undefined;
    }
    const teams = new Map(row.teams.map(({ id, org_id, role }) => [id, { orgId: org_id, role }]));
    return {
      userId: row.id,
      email: row.email,
      username: row.username,
      orgId,
      sessionId,
      organizations,
      teams,
    };
  },
});
