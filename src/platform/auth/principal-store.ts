import { type Static, Type } from 'typebox';
import { type Sql, sql } from '../database/sql.ts';
import { oneOf } from '../schemas/common-schemas.ts';
import type { Principal } from './principal.ts';
import type { VerifiedSubject } from './tokens.ts';

/** What `principalStatement` gives. */
export const PrincipalRow = Type.Object({
  id: Type.String(),
  email: Type.String(),
  username: Type.String(),
  organizations: Type.Array(Type.Object({ id: Type.String(), role: oneOf(['owner', 'admin', 'member']) })),
  teams: Type.Array(
    Type.Object({ id: Type.String(), org_id: Type.String(), role: oneOf(['admin', 'member', 'viewer']) }),
  ),
});

/** Of a user `u` and the epoch `e`: whether the token's session is not over. */
const isLive = ({ orgId, sessionId }: VerifiedSubject): Sql =>
  sql`case when ${sessionId ?? null}::uuid is null
           then u.session_generation = 0 and e.unbound_until > now()
           else exists (
             select from sessions s
             where s.org_id = ${orgId} and s.id = ${sessionId ?? null} and s.user_id = u.id and s.ended_at is null
               and s.expires_at > now() and s.generation = u.session_generation and s.epoch = e.epoch
           ) end`;

/**
 * Reads who a token's user is now, in the scope of that user: no row where they are deactivated, deleted or unknown, and where the
 * token's session is over.
 */
export const principalStatement = (subject: VerifiedSubject): Sql =>
  sql`select u.id, u.email, u.username,
        (select coalesce(json_agg(json_build_object('id', m.org_id, 'role', m.role)), '[]')
         from organization_memberships m where m.user_id = u.id) as organizations,
        (select coalesce(json_agg(json_build_object('id', tm.team_id, 'org_id', tm.org_id, 'role', tm.role)), '[]')
         from team_memberships tm where tm.user_id = u.id) as teams
      from users u, credential_epoch e
      where u.id = ${subject.userId} and u.is_active and u.deleted_at is null and ${isLive(subject)}`;

/** Who a token's user is now, by the row of `principalStatement`: undefined without one, and for who has left the token's organization. */
export function principalOf(row: unknown, { orgId, sessionId }: VerifiedSubject): Principal | undefined {
  if (row === undefined) {
    return undefined;
  }
  const { id: userId, email, username, ...of } = row as Static<typeof PrincipalRow>;
  const organizations = new Map(of.organizations.map(({ id, role }) => [id, role]));
  if (!organizations.has(orgId)) {
    return undefined;
  }
  const teams = new Map(of.teams.map(({ id, org_id, role }) => [id, { orgId: org_id, role }]));
  return { userId, email, username, orgId, sessionId, organizations, teams };
}
