import { type Static, Type } from 'typebox';
import { type Sql, sql } from '../database/sql.ts';
import { oneOf } from '../schemas/common-schemas.ts';
import { type OrganizationRole, type Principal, teamRoleOf } from './principal.ts';
import { isOfDirectory } from './scopes.ts';
import type { VerifiedSubject } from './tokens.ts';

const PersonRow = Type.Object({
  id: Type.String(),
  email: Type.String(),
  username: Type.String(),
  organizations: Type.Array(Type.Object({ id: Type.String(), role: oneOf(['owner', 'admin', 'member']) })),
  teams: Type.Array(
    Type.Object({ id: Type.String(), org_id: Type.String(), role: oneOf(['admin', 'member', 'viewer']) }),
  ),
});

/** What `principalStatement` gives. */
export const PrincipalRow = Type.Object({
  ...PersonRow.properties,
  /** The organizations that ask for a second factor, where the session has none. */
  closed: Type.Array(Type.String()),
});

/** What `keyPrincipalStatement` gives. */
export const KeyPrincipalRow = Type.Object({
  ...PersonRow.properties,
  scopes: Type.Array(Type.String()),
  team_ids: Type.Array(Type.String()),
  is_of_service_account: Type.Boolean(),
  is_use_due: Type.Boolean(),
});

/** Whose an API key is, which never changes; and the secret that was shown, with the address that showed it. */
export interface KeySubject {
  readonly userId: string;
  readonly orgId: string;
  readonly keyId: string;
  readonly secretHash: string;
  /** Canonical; empty where the connection is gone. */
  readonly address: string;
}

/** Of a user `u`, the epoch `e` and the token's session `s`: whether it is not over. */
const isLive = ({ sessionId }: VerifiedSubject): Sql =>
  sql`case when ${sessionId ?? null}::uuid is null
           then u.session_generation = 0 and e.unbound_until > now()
           else s.ended_at is null and s.expires_at > now() and s.generation = u.session_generation and s.epoch = e.epoch end`;

const person = sql`u.id, u.email, u.username,
        (select coalesce(json_agg(json_build_object('id', m.org_id, 'role', m.role)), '[]')
         from organization_memberships m where m.user_id = u.id) as organizations,
        (select coalesce(json_agg(json_build_object('id', tm.team_id, 'org_id', tm.org_id, 'role', tm.role)), '[]')
         from team_memberships tm where tm.user_id = u.id) as teams`;

/**
 * Reads who a token's user is now, in the scope of that user: no row where they are deactivated, deleted or unknown, and where the
 * token's session is over.
 */
export const principalStatement = (subject: VerifiedSubject): Sql =>
  sql`select ${person},
        (select coalesce(json_agg(m.org_id), '[]') from organization_memberships m join organizations o on o.id = m.org_id and o.mfa_required
         where m.user_id = u.id and s.second_factor is null) as closed
      from users u cross join credential_epoch e
      left join sessions s on s.org_id = ${subject.orgId} and s.id = ${subject.sessionId ?? null} and s.user_id = u.id
      where u.id = ${subject.userId} and u.is_active and u.deleted_at is null and ${isLive(subject)}`;

/**
 * As `principalStatement`, for whom an API key acts, and what the key may: no row where it is revoked, rotated away or expired, or is not taken
 * from that address, and where its user was deactivated or deleted since it was made.
 */
export const keyPrincipalStatement = ({ userId, orgId, keyId, secretHash, address }: KeySubject): Sql =>
  sql`select ${person}, to_json(k.scopes) as scopes, to_json(k.team_ids) as team_ids,
        u.kind = 'service_account' as is_of_service_account, coalesce(k.last_used_at <= now() - interval '1 minute', true) as is_use_due
      from users u, credential_epoch e, api_keys k
      where u.id = ${userId} and u.is_active and u.deleted_at is null
        and k.org_id = ${orgId} and k.id = ${keyId} and k.user_id = u.id and k.revoked_at is null and k.expires_at > now()
        and k.generation = u.key_generation and k.epoch = e.epoch
        and (encode(k.secret_hash, 'hex') = ${secretHash}
             or (k.previous_until > now() and encode(k.previous_hash, 'hex') = ${secretHash}))
        and (k.address_ranges = '{}' or nullif(${address}, '')::inet <<= any(k.address_ranges))`;

/** Who a token's user is now, by the row of `principalStatement`: undefined without one, and for who has left the token's organization. */
export function principalOf(row: unknown, { orgId, sessionId }: VerifiedSubject): Principal | undefined {
  if (row === undefined) {
    return undefined;
  }
  const { id: userId, email, username, closed, ...of } = row as Static<typeof PrincipalRow>;
  const organizations = new Map(of.organizations.map(({ id, role }) => [id, role]));
  const teams = new Map(of.teams.map(({ id, org_id, role }) => [id, { orgId: org_id, role }]));
  if (!organizations.has(orgId)) {
    return undefined;
  }
  const principal = { userId, email, username, orgId, sessionId, organizations, teams };
  return closed.length === 0 ? principal : { ...principal, ...openTo(principal, new Set(closed)) };
}

/** What is left of a caller without a second factor: nothing of the organizations that ask for one, but their place in that of the token, where they may add one. */
function openTo(
  { orgId, organizations, teams }: Pick<Principal, 'orgId' | 'organizations' | 'teams'>,
  closed: ReadonlySet<string>,
): Pick<Principal, 'lacksFactor' | 'organizations' | 'teams'> {
  return {
    lacksFactor: closed.has(orgId),
    organizations: new Map([...organizations].filter(([id]) => id === orgId || !closed.has(id))),
    teams: new Map([...teams].filter(([, team]) => !closed.has(team.orgId))),
  };
}

/**
 * Who a key acts for, by the row of `keyPrincipalStatement`, with what the key leaves of their roles at this moment: one organization, and
 * where the key names teams, these alone and no role in the organization beyond a member's. @NOTE a directory's key in the hands of a service account,
 * which an admin made and which is good for nothing else, is an admin's: it goes on when whoever made it leaves.
 */
export function keyPrincipalOf(
  row: Static<typeof KeyPrincipalRow>,
  { orgId, keyId }: Pick<KeySubject, 'orgId' | 'keyId'>,
): Principal | undefined {
  const user = principalOf({ ...row, closed: [] }, { userId: row.id, orgId });
  const role = user?.organizations.get(orgId);
  if (user === undefined || role === undefined) {
    return undefined;
  }
  const isOfTeams = row.team_ids.length > 0;
  const roleOfKey = row.is_of_service_account && isOfDirectory(row.scopes) ? 'admin' : role;
  const teamIds = isOfTeams ? row.team_ids : [...user.teams.keys()];
  return {
    ...user,
    apiKey: { id: keyId, scopes: row.scopes },
    organizations: new Map<string, OrganizationRole>([[orgId, isOfTeams ? 'member' : roleOfKey]]),
    teams: new Map(
      teamIds.flatMap((teamId) => {
        const inTeam = teamRoleOf(user, orgId, teamId);
        return inTeam === undefined ? [] : [[teamId, { orgId, role: inTeam }]];
      }),
    ),
  };
}
