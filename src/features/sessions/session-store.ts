import { type Static, Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import type { Admission } from '../../platform/database/scoped-statements.ts';
import { type Sql, sql, when } from '../../platform/database/sql.ts';
import type { Proof } from '../second-factor/index.ts';
import { type RefreshToken, refreshHash } from './refresh-token.ts';
import { Session } from './session-schemas.ts';

const SessionRow = Type.Omit(Session, ['is_current']);
export type SessionRow = Static<typeof SessionRow>;

const Moved = Type.Object({
  method: Type.String(),
  second_factor: Type.String(),
  seconds_left: Type.Integer(),
});
const Place = Type.Object({ org_id: Type.String() });

/** A password is the same while its hash is, or while nothing ended the user's sessions: then it was hashed anew at most. */
export interface PasswordProof {
  readonly hash: string;
  /** Of sessions, as it was when the hash was read. */
  readonly generation: number;
}

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly orgId: string;
  readonly method: 'password' | 'single_sign_on' | 'passkey';
  /** What the password was compared with; the session does not begin where it is another password by now. */
  readonly proof?: PasswordProof | undefined;
  readonly secondFactor?: Proof | 'single_sign_on' | undefined;
  /** `session_generation` of the user when the first factor was right; the session does not begin where it is another one by now. */
  readonly generation?: number | undefined;
  readonly address: string;
  /** What it can be gone on with. */
  readonly refreshToken: RefreshToken;
  readonly lifetimeSeconds: number;
}

export interface MovedSession extends Pick<NewSession, 'id' | 'userId' | 'address' | 'refreshToken'> {
  readonly from: { readonly orgId: string; readonly id: string };
  readonly lifetimes: SessionLifetimes;
}

/** How long sessions last. */
export interface SessionLifetimes {
  /** Since the last refresh. */
  readonly idleSeconds: number;
  /** Since the login. */
  readonly absoluteSeconds: number;
}

/** What the operator says of it. */
export interface SessionLimits {
  readonly idleMinutes: number;
  readonly maxMinutes: number;
}

/** No session is shorter than an access token. */
export const sessionLifetimes = (
  { idleMinutes, maxMinutes }: SessionLimits,
  { lifetimeSeconds }: { readonly lifetimeSeconds: number },
): SessionLifetimes => ({
  idleSeconds: Math.max(idleMinutes * 60, lifetimeSeconds),
  absoluteSeconds: Math.max(maxMinutes * 60, lifetimeSeconds),
});

/** Of a session `s`: whether it is not over. */
export const isLive = sql`s.ended_at is null and s.expires_at > now() and s.epoch = (select epoch from credential_epoch)
  and s.generation = (select session_generation from users where id = s.user_id)`;

/** A condition more of a user `u`: whether the password is what was proved. */
export const isSamePassword = (proof: PasswordProof | undefined): Sql =>
  proof === undefined
    ? sql``
    : sql`and (u.password_hash = ${proof.hash} or u.session_generation = ${proof.generation})`;

/** The sessions of users, each in the scope of the user alone. See docs/adr/0033-sessions.md. */
export const sessionStore = (db: Database) => ({
  /**
   * Begins a session; false where the user may not log in any more. @NOTE the lock on the user waits for whoever changes them, and
   * what is read is as it is after that: a session that a change would have ended does not begin behind its back.
   */
  begin: async (session: NewSession): Promise<boolean> => {
    const { id, userId, orgId, method, proof, generation, address, lifetimeSeconds } = session;
    const { family, secret } = session.refreshToken;
    const begun = await db.within({ orgId, userId }).run(
      sql`with account as materialized (
            select u.id, u.session_generation from users u join organizations o on o.id = ${orgId} and o.is_active
            where u.id = ${userId} and u.is_active and u.deleted_at is null
              ${isSamePassword(proof)}
              ${when(generation !== undefined, () => sql`and u.session_generation = ${generation}`)}
            for share of u
          ), old as (
            delete from sessions where user_id = ${userId} and expires_at <= now()
          )
          insert into sessions (org_id, id, user_id, generation, epoch, method, second_factor, address, refresh_family, refresh_hash, expires_at)
          select ${orgId}, ${id}, account.id, account.session_generation, e.epoch, ${method}, ${session.secondFactor ?? null}, ${address},
                 ${refreshHash(family)}, ${refreshHash(secret)}, now() + make_interval(secs => ${lifetimeSeconds})
          from account, credential_epoch e`,
    );
    return begun === 1;
  },

  /**
   * Ends a session and begins one in its place in another organization, as old as it was; undefined where that organization is not active, or the
   * session over.
   */
  moveTo(orgId: string, session: MovedSession): Promise<Static<typeof Moved> | undefined> {
    const { id, userId, from, address, refreshToken, lifetimes } = session;
    const { idleSeconds, absoluteSeconds } = lifetimes;
    return db.within({ orgId, userId }).maybe(
      Moved,
      sql`with old as (
            update sessions s set ended_at = now()
            where s.org_id = ${from.orgId} and s.id = ${from.id} and s.user_id = ${userId} and ${isLive}
              and exists (select from organizations o where o.id = ${orgId} and o.is_active)
            returning s.*
          )
          insert into sessions as s (org_id, id, user_id, generation, epoch, method, second_factor, address, created_at, refresh_family, refresh_hash, expires_at)
          select ${orgId}, ${id}, user_id, generation, epoch, method, second_factor, ${address}, created_at,
                 ${refreshHash(refreshToken.family)}, ${refreshHash(refreshToken.secret)},
                 least(now() + make_interval(secs => ${idleSeconds}), created_at + make_interval(secs => ${absoluteSeconds}))
          from old returning s.method, coalesce(s.second_factor, 'none') as second_factor, round(extract(epoch from s.expires_at - now()))::integer as seconds_left`,
    );
  },

  /** Where a user logs in: their home where it is active, else the organization that they joined first; undefined where none is. */
  async placeOf(userId: string, homeId: string): Promise<string | undefined> {
    const place = await db.within({ userId }).maybe(
      Place,
      sql`select m.org_id from organization_memberships m join organizations o on o.id = m.org_id and o.is_active
          where m.user_id = ${userId} order by m.org_id <> ${homeId}, m.created_at, m.org_id limit 1`,
    );
    return place?.org_id;
  },

  /** Of the user who calls; in the round trip that says who that is. */
  list: (user: Admission): Promise<SessionRow[]> =>
    db.lookUp({ userId: user.userId }, user).many(
      SessionRow,
      sql`select s.id, s.org_id, s.method, coalesce(s.second_factor, 'none') as second_factor, host(s.address) as address, s.created_at, s.refreshed_at, s.expires_at
          from sessions s where s.user_id = ${user.userId} and ${isLive} order by s.created_at desc, s.id desc`,
    ),
});
