import { type Static, Type } from 'typebox';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';

/** A subject of an issuer: OpenID Connect Core, 2 says that only the two together name someone. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

const LinkedUser = Type.Object({ user_id: Type.String(), org_id: Type.String() });
type LinkedUser = Static<typeof LinkedUser>;

/** Whom the provider's subjects are here. */
export const identityStore = (tx: Transaction) => ({
  async find({ issuer, subject }: Identity): Promise<LinkedUser | undefined> {
    // @NOTE opens the door of row-level security to this identity alone, until the transaction ends.
    await tx.run(sql`select set_config('app.login_identity', ${`${issuer} ${subject}`}, true)`);
    return await tx.maybe(
      LinkedUser,
      sql`select user_id, org_id from user_identities where issuer = ${issuer} and subject = ${subject}`,
    );
  },

  /** False where this subject, or this user at this issuer, is linked already. */
  insert: async ({ issuer, subject }: Identity, user: LinkedUser): Promise<boolean> =>
    (await tx.run(
      sql`insert into user_identities (issuer, subject, org_id, user_id)
          values (${issuer}, ${subject}, ${user.org_id}, ${user.user_id}) on conflict do nothing`,
    )) === 1,

  /** Whether the user may log in, within their own scope or their organization's; `isVerified`: and their address is confirmed. */
  isAdmitted: async (userId: string, { isVerified }: { isVerified: boolean }): Promise<boolean> =>
    (await tx.run(
      sql`select from users where id = ${userId} and is_active and deleted_at is null and (is_verified or not ${isVerified})`,
    )) === 1,
});
