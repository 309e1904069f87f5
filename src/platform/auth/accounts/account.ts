import { type Static, Type } from 'typebox';
import { type Sql, sql } from '../../database/sql.ts';
import { oneOf } from '../../schemas/common-schemas.ts';
import { type Principal, teamRoleOf } from '../principal.ts';
import type { VerifiedSubject } from '../tokens.ts';
import { type Moment, momentColumns, momentOf } from './access-log.ts';

/** Of somebody with more sessions the others are not remembered: whoever calls in one of them is looked up. */
const sessionsMax = 20;

/** A user, what they belong to and the sessions they have: what is remembered of them. No secret, no hash. */
export const Account = Type.Object({
  id: Type.String(),
  email: Type.String(),
  username: Type.String(),
  full_name: Type.Union([Type.String(), Type.Null()]),
  is_verified: Type.Boolean(),
  organizations: Type.Array(
    Type.Object({
      id: Type.String(),
      role: oneOf(['owner', 'admin', 'member']),
      team_id: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  teams: Type.Array(
    Type.Object({ id: Type.String(), org_id: Type.String(), role: oneOf(['admin', 'member', 'viewer']) }),
  ),
  sessions: Type.Array(
    Type.Object({
      id: Type.String(),
      org_id: Type.String(),
      expires_ms: Type.Number(),
      has_factor: Type.Boolean(),
    }),
  ),
  asks_factor: Type.Boolean(),
  generation: Type.String(),
  snapshot: Type.String(),
});
export type Account = Static<typeof Account>;

/** Reads what is remembered of a user, in their own scope: no row of one who may not call at all. */
export const accountStatement = (userId: string): Sql =>
  sql`select u.id, u.email, u.username, u.full_name, coalesce(u.verified_email = u.email, false) as is_verified,
        (select coalesce(json_agg(json_build_object('id', m.org_id, 'role', m.role, 'team_id', m.team_id)), '[]')
         from organization_memberships m where m.user_id = u.id) as organizations,
        (select coalesce(json_agg(json_build_object('id', tm.team_id, 'org_id', tm.org_id, 'role', tm.role)), '[]')
         from team_memberships tm where tm.user_id = u.id) as teams,
        (select coalesce(json_agg(json_build_object(
           'id', s.id, 'org_id', s.org_id, 'expires_ms', extract(epoch from s.expires_at)::float8 * 1000,
           'has_factor', s.second_factor is not null)), '[]')
         from (select * from sessions
               where user_id = u.id and ended_at is null and expires_at > now()
                 and generation = u.session_generation and epoch = (select epoch from credential_epoch)
               order by created_at desc, id desc limit ${sessionsMax}) s) as sessions,
        exists (select from organization_memberships m join organizations o on o.id = m.org_id and o.mfa_required
                where m.user_id = u.id) as asks_factor,
        ${momentColumns}
      from users u where u.id = ${userId} and u.is_active and u.deleted_at is null`;

/** A caller as they are remembered. */
export interface KnownCaller {
  readonly principal: Principal;
  /** As `/auth/me` shows them, in the organization of their token. */
  readonly profile: Profile;
}

export interface Profile {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly full_name: string | null;
  readonly role: 'admin' | 'member' | 'viewer';
  readonly org_id: string;
  readonly team_id: string | null;
  readonly is_active: boolean;
  readonly is_verified: boolean;
}

/** An account in memory. */
export class RememberedAccount {
  readonly moment: Moment;
  readonly keptUntil: number;
  readonly readAt = performance.now();
  readonly #account: Account;
  readonly #callers = new Map<string, KnownCaller>();

  /** @param keptMs how long it is remembered */
  constructor(account: Account, keptMs: number) {
    this.#account = account;
    this.moment = momentOf(account);
    this.keptUntil = this.readAt + keptMs;
  }

  /** Whom a token names, at a time by the database's clock. Undefined where that is not known, which does not mean that they may not call. */
  caller({ orgId, sessionId }: VerifiedSubject, databaseMs: number): KnownCaller | undefined {
    const session = this.#account.sessions.find(({ id }) => id === sessionId);
    const membership = this.#account.organizations.find(({ id }) => id === orgId);
    if (session === undefined || membership === undefined) {
      return undefined;
    }
    if (session.org_id !== orgId || session.expires_ms <= databaseMs) {
      return undefined;
    }
    // @NOTE what is left to them then is said by the database alone.
    if (this.#account.asks_factor && !session.has_factor) {
      return undefined;
    }
    const known = this.#callers.get(session.id) ?? callerOf(this.#account, session.id, membership);
    this.#callers.set(session.id, known);
    return known;
  }
}

function callerOf(
  { organizations, teams, ...user }: Account,
  sessionId: string,
  { id: orgId, team_id }: Account['organizations'][number],
): KnownCaller {
  const { id, email, username, full_name, is_verified } = user;
  const principal: Principal = {
    userId: id,
    email,
    username,
    orgId,
    sessionId,
    organizations: new Map(organizations.map((each) => [each.id, each.role])),
    teams: new Map(teams.map((each) => [each.id, { orgId: each.org_id, role: each.role }])),
  };
  const role = teamRoleOf(principal, orgId, team_id ?? '') ?? 'viewer';
  const profile = {
    id,
    email,
    username,
    full_name,
    role,
    org_id: orgId,
    team_id,
    is_active: true,
    is_verified,
  } as const;
  return { principal, profile };
}
