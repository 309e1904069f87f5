import { Type } from 'typebox';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { nullable, oneOf } from '../../platform/schemas/common-schemas.ts';
import { type RefreshToken, refreshHash } from './refresh-token.ts';
import { isLive, type SessionLifetimes } from './session-store.ts';

const Holder = Type.Object({ id: Type.String(), org_id: Type.String(), user_id: Type.String() });

const Shown = Type.Object({
  id: Type.String(),
  org_id: Type.String(),
  user_id: Type.String(),
  method: Type.String(),
  second_factor: Type.String(),
  is_token: oneOf(['present', 'just_replaced', 'replaced']),
  nonce: nullable(Type.String()),
  seconds_left: Type.Integer(),
});

const Left = Type.Object({ seconds_left: Type.Integer() });

const nobody = '00000000-0000-0000-0000-000000000000';
const secondsLeft = sql`round(extract(epoch from s.expires_at - now()))::integer as seconds_left`;

/** How long a token that was replaced is taken for one whose reply was lost. */
const graceSeconds = 10;

/** Sessions as their refresh tokens find them. */
export const refreshStore = (tx: Transaction) => ({
  /**
   * The session of a token, locked, and what the token is of it; undefined where there is none, or it is over. Enters the scope of its user. @NOTE the
   * same statements in every case.
   */
  async lock({ family, secret }: RefreshToken) {
    const familyHash = refreshHash(family);
    await tx.run(sql`select set_config('app.refresh_family', ${familyHash.toString('hex')}, true)`);
    const holder = await tx.maybe(
      Holder,
      sql`select id, org_id, user_id from sessions where refresh_family = ${familyHash}`,
    );
    const { id, org_id: orgId, user_id: userId } = holder ?? { id: nobody, org_id: nobody, user_id: nobody };
    await tx.enter({ orgId, userId });
    const hash = refreshHash(secret);
    return await tx.maybe(
      Shown,
      sql`select s.id, s.org_id, s.user_id, s.method, coalesce(s.second_factor, 'none') as second_factor, ${secondsLeft}, encode(s.refresh_nonce, 'hex') as nonce,
            case when s.refresh_hash = ${hash} then 'present'
                 when s.refresh_previous = ${hash} and s.refreshed_at > now() - make_interval(secs => ${graceSeconds}) then 'just_replaced'
                 else 'replaced' end as is_token
          from sessions s
          where s.org_id = ${orgId} and s.id = ${id} and ${isLive}
            and exists (select from organizations o where o.id = s.org_id and o.is_active)
          for update of s`,
    );
  },

  /** Puts the token that follows in the place of the present one; how many seconds the session goes on, none where it has come to its end. */
  async replace(
    { org_id: orgId, id }: { readonly org_id: string; readonly id: string },
    successor: RefreshToken,
    nonce: Buffer,
    { idleSeconds, absoluteSeconds }: SessionLifetimes,
  ): Promise<number> {
    const { seconds_left } = await tx.one(
      Left,
      sql`update sessions s
          set refresh_previous = refresh_hash, refresh_hash = ${refreshHash(successor.secret)}, refresh_nonce = ${nonce}, refreshed_at = now(),
              expires_at = least(now() + make_interval(secs => ${idleSeconds}), created_at + make_interval(secs => ${absoluteSeconds}))
          where s.org_id = ${orgId} and s.id = ${id} returning ${secondsLeft}`,
    );
    return seconds_left;
  },

  end: ({ org_id: orgId, id }: { readonly org_id: string; readonly id: string }): Promise<number> =>
    tx.run(sql`update sessions set ended_at = now() where org_id = ${orgId} and id = ${id}`),
});
