import { type Static, Type } from 'typebox';
import type { SealedSecret } from '../../platform/auth/secret-box.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable, Timestamp } from '../../platform/schemas/common-schemas.ts';
import { recoveryCodeHash } from './recovery-codes.ts';

const Factor = Type.Object({
  key_id: Type.String(),
  sealed_secret: Type.String(),
  created_at: Timestamp,
  confirmed_at: nullable(Timestamp),
});
const State = Type.Object({
  confirmed_at: nullable(Timestamp),
  passkeys: Type.Integer(),
  codes_left: Type.Integer(),
});
const AskedFor = Type.Object({ is: Type.Boolean() });

/** Second factors as a whole, and one-time passwords among them, in the scope of their user. */
export const factorStore = (db: Queryable, userId: string) => ({
  /** Whether there is one that logins take: one-time passwords, or a passkey. */
  async isAskedFor(): Promise<boolean> {
    const asked = await db.one(
      AskedFor,
      sql`select exists (select from totp_factors where user_id = ${userId} and confirmed_at is not null)
              or exists (select from passkeys where user_id = ${userId}) as is`,
    );
    return asked.is;
  },

  /** The one-time passwords of the user, confirmed or not. */
  find: (): Promise<Static<typeof Factor> | undefined> =>
    db.maybe(
      Factor,
      sql`select key_id, sealed_secret, created_at, confirmed_at from totp_factors where user_id = ${userId}`,
    ),

  /** What of it may be shown. */
  state: (): Promise<Static<typeof State>> =>
    db.one(
      State,
      sql`select (select confirmed_at from totp_factors where user_id = ${userId}) as confirmed_at,
            (select count(*) from passkeys where user_id = ${userId}) as passkeys,
            (select count(*) from recovery_codes r join credential_epoch e on e.epoch = r.epoch where r.user_id = ${userId}) as codes_left`,
    ),

  /** Puts one in the place of another that was not confirmed; false where one was. */
  propose: async ({ keyId, text }: SealedSecret): Promise<boolean> =>
    (await db.run(
      sql`insert into totp_factors (user_id, key_id, sealed_secret) values (${userId}, ${keyId}, ${text})
          on conflict (user_id) do update
            set key_id = excluded.key_id, sealed_secret = excluded.sealed_secret, created_at = excluded.created_at
            where totp_factors.confirmed_at is null`,
    )) === 1,

  /** False where it is confirmed, or another one by now. */
  confirm: async (sealedSecret: string, step: number): Promise<boolean> =>
    (await db.run(
      sql`update totp_factors set confirmed_at = now(), last_step = ${step}
          where user_id = ${userId} and sealed_secret = ${sealedSecret} and confirmed_at is null`,
    )) === 1,

  /** Takes the code of a time step; false where it, or a later one, was taken before: RFC 6238, 5.2. */
  takeStep: async (sealedSecret: string, step: number): Promise<boolean> =>
    (await db.run(
      sql`update totp_factors set last_step = ${step}
          where user_id = ${userId} and sealed_secret = ${sealedSecret} and confirmed_at is not null and last_step < ${step}`,
    )) === 1,

  /** Takes a recovery code; false where it is none, or was taken before. */
  takeCode: async (code: string): Promise<boolean> =>
    (await db.run(
      sql`delete from recovery_codes r using credential_epoch e
          where r.user_id = ${userId} and r.code_hash = ${recoveryCodeHash(code)} and r.epoch = e.epoch`,
    )) === 1,

  /** Puts these in the place of all that there were. */
  async replaceCodes(codes: readonly string[]): Promise<void> {
    await db.run(sql`delete from recovery_codes where user_id = ${userId}`);
    await db.run(
      sql`insert into recovery_codes (user_id, code_hash, epoch)
          select ${userId}, decode(h, 'hex'), e.epoch
          from unnest(${codes.map((code) => recoveryCodeHash(code).toString('hex'))}::text[]) h, credential_epoch e`,
    );
  },

  /** False where there were none. */
  removeTotp: async (): Promise<boolean> =>
    (await db.run(sql`delete from totp_factors where user_id = ${userId}`)) === 1,

  removeCodes: (): Promise<number> => db.run(sql`delete from recovery_codes where user_id = ${userId}`),

  /** All that there are, with the recovery codes; false where there were none. */
  async remove(): Promise<boolean> {
    await db.run(sql`delete from recovery_codes where user_id = ${userId}`);
    const passkeys = await db.run(sql`delete from passkeys where user_id = ${userId}`);
    return passkeys + (await db.run(sql`delete from totp_factors where user_id = ${userId}`)) > 0;
  },

  /** Ends the user's sessions but one; without one, all of them. */
  endOtherSessions: (sessionId: string | null): Promise<number> =>
    db.run(
      sql`update sessions set ended_at = now() where user_id = ${userId} and id is distinct from ${sessionId}::uuid and ended_at is null`,
    ),

  /** Notes that a session was proved by a factor as well. */
  vouch: (sessionId: string | null, factor: 'totp' | 'passkey'): Promise<number> =>
    db.run(
      sql`update sessions set second_factor = ${factor} where user_id = ${userId} and id = ${sessionId}`,
    ),

  /** Notes that a session is proved by none any more; what the provider asked for it still has. */
  disavow: (sessionId: string | null): Promise<number> =>
    db.run(
      sql`update sessions set second_factor = null
          where user_id = ${userId} and id = ${sessionId} and second_factor in ('totp', 'recovery_code', 'passkey')`,
    ),
});
