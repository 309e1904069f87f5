import { createHash, randomBytes } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { nullable, oneOf } from '../../platform/schemas/common-schemas.ts';

const purposes = ['register', 'prove', 'second_step', 'log_in'] as const;

/** What an authenticator signs it for. */
export type Purpose = (typeof purposes)[number];

const Taken = Type.Object({ purpose: oneOf(purposes), user_id: nullable(Type.String()) });

const hashOf = (challenge: string): string => createHash('sha256').update(challenge).digest('hex');

/** What authenticators are to sign; shared by all instances. */
export const passkeyChallengeStore = (db: Database) => ({
  /**
   * Makes one, of 256 random bits; of a user but to log in. @NOTE each one that begins takes some that have ended with it, so that they never pile up.
   */
  async make(purpose: Purpose, userId?: string): Promise<string> {
    const challenge = randomBytes(32).toString('base64url');
    const id = userId ?? null;
    await db.within(userId === undefined ? {} : { userId }).run(
      sql`with ended as (
            delete from passkey_challenges where challenge_hash in (
              select challenge_hash from passkey_challenges where expires_at <= now()
              order by expires_at limit 100 for update skip locked
            )
          )
          insert into passkey_challenges (challenge_hash, purpose, user_id, generation, epoch)
          select decode(${hashOf(challenge)}, 'hex'), ${purpose}, ${id}::uuid, (select session_generation from users where id = ${id}::uuid), e.epoch
          from credential_epoch e`,
    );
    return challenge;
  },

  /** Takes one, whatever it was for; false where it is not for this, or good no more. @NOTE taken before it is looked at: it is good once. */
  async take(challenge: string, purpose: Purpose, userId?: string): Promise<boolean> {
    const taken: Static<typeof Taken> | undefined = await db
      .within(userId === undefined ? {} : { userId })
      .maybe(
        Taken,
        sql`with taken as (
            delete from passkey_challenges where challenge_hash = decode(${hashOf(challenge)}, 'hex') returning *
          )
          select t.purpose, t.user_id from taken t join credential_epoch e on e.epoch = t.epoch
          where t.expires_at > now()
            and (t.user_id is null or t.generation = (select session_generation from users u where u.id = t.user_id))`,
      );
    return taken?.purpose === purpose && taken.user_id === (userId ?? null);
  },
});
