import { type Static, Type } from 'typebox';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { factorStore } from '../second-factor/index.ts';

/** A subject of an issuer: OpenID Connect Core, 2 says that only the two together name someone. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

const LinkedUser = Type.Object({ user_id: Type.String(), is_settled: Type.Boolean() });

const Account = Type.Object({ org_id: Type.String(), email: Type.String(), is_proved: Type.Boolean() });

/** Whom the provider's subjects are here. */
export const identityStore = (tx: Transaction) => ({
  async find({ issuer, subject }: Identity): Promise<Static<typeof LinkedUser> | undefined> {
    // @NOTE opens the door of row-level security to this identity alone, until the transaction ends.
    await tx.run(sql`select set_config('app.login_identity', ${`${issuer} ${subject}`}, true)`);
    return await tx.maybe(
      LinkedUser,
      sql`select user_id, settled_at is not null as is_settled
          from user_identities where issuer = ${issuer} and subject = ${subject}`,
    );
  },

  /** False where this subject, or this user at this issuer, is linked already. */
  insert: async (
    { issuer, subject }: Identity,
    user: { readonly user_id: string; readonly org_id: string },
  ): Promise<boolean> =>
    (await tx.run(
      sql`insert into user_identities (issuer, subject, org_id, user_id, settled_at)
          values (${issuer}, ${subject}, ${user.org_id}, ${user.user_id}, now()) on conflict do nothing`,
    )) === 1,

  /** The account as it is now, where its user may log in: within their own scope or their organization's. */
  account: (userId: string) =>
    tx.maybe(
      Account,
      sql`select org_id, email, coalesce(verified_email = email, false) as is_proved
          from users where id = ${userId} and is_active and deleted_at is null`,
    ),

  /** Notes that the address of the user is proved to be theirs. */
  prove: (userId: string): Promise<number> =>
    tx.run(sql`update users set verified_email = email where id = ${userId}`),

  /** Leaves this identity as the only way into the account: whoever made it, or had it before, knows another one. */
  settle: async (userId: string, { issuer, subject }: Identity): Promise<void> => {
    await tx.run(
      sql`update users set password_hash = null, session_generation = session_generation + 1 where id = ${userId}`,
    );
    await tx.run(
      sql`delete from user_identities where user_id = ${userId} and (issuer, subject) <> (${issuer}, ${subject})`,
    );
    await factorStore(tx, userId).remove();
    await tx.run(
      sql`update user_identities set settled_at = now() where issuer = ${issuer} and subject = ${subject}`,
    );
  },
});
