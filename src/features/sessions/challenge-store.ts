import { type Static, Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { oneOf } from '../../platform/schemas/common-schemas.ts';
import { isSamePassword, type PasswordProof } from './session-store.ts';

const Challenge = Type.Object({
  user_id: Type.String(),
  org_id: Type.String(),
  method: oneOf(['password', 'single_sign_on']),
  generation: Type.Integer(),
});
export type Challenge = Static<typeof Challenge>;

export interface NewChallenge {
  /** SHA-256 in hex digits. */
  readonly tokenHash: string;
  readonly userId: string;
  readonly orgId: string;
  readonly method: 'password' | 'single_sign_on' | 'passkey';
  readonly proof?: PasswordProof | undefined;
}

/** Logins whose first factor was right, and which wait for the second. */
export const challengeStore = (db: Database) => ({
  /** @NOTE each one that begins takes some that have ended with it, so that they never pile up. */
  insert: ({ tokenHash, userId, orgId, method, proof }: NewChallenge): Promise<number> =>
    db.within({ userId }).run(
      sql`with ended as (
            delete from login_challenges where token_hash in (
              select token_hash from login_challenges where expires_at <= now()
              order by expires_at limit 100 for update skip locked
            )
          )
          insert into login_challenges (token_hash, user_id, org_id, method, generation, epoch)
          select decode(${tokenHash}, 'hex'), u.id, ${orgId}::uuid, ${method}, u.session_generation, e.epoch
          from users u, credential_epoch e
          where u.id = ${userId} and u.is_active and u.deleted_at is null
            ${isSamePassword(proof)}`,
    ),

  find: (tokenHash: string): Promise<Challenge | undefined> =>
    db.within({}).maybe(
      Challenge,
      sql`select c.user_id, c.org_id, c.method, c.generation from login_challenges c join credential_epoch e on e.epoch = c.epoch
          where c.token_hash = decode(${tokenHash}, 'hex') and c.expires_at > now()`,
    ),

  /** False where somebody else took it. */
  take: async (tokenHash: string): Promise<boolean> =>
    (await db
      .within({})
      .run(sql`delete from login_challenges where token_hash = decode(${tokenHash}, 'hex')`)) === 1,
});
