import { type Static, Type } from 'typebox';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { factorStore } from '../second-factor/index.ts';

export type Purpose = 'password_reset' | 'email_verification';

const Holder = Type.Object({
  org_id: Type.String(),
  user_id: Type.String(),
  email: Type.String(),
  username: Type.String(),
});
export type Holder = Static<typeof Holder>;

const Account = Type.Object({ org_id: Type.String(), email: Type.String(), is_proved: Type.Boolean() });
const Found = Type.Object({ id: Type.String(), org_id: Type.String() });

const isProved = sql`coalesce(verified_email = email, false)`;
/** Of a token `t` and its user `u`: whether it still says something. */
const isGood = sql`t.expires_at > now() and t.generation = u.session_generation and t.email = u.email
  and t.epoch = (select epoch from credential_epoch) and u.is_active and u.deleted_at is null`;

/** The person with this address, in whatever case, who may log in. */
export const personWith = (db: Database, email: string) =>
  db.within({ loginEmail: email }).maybe(
    Found,
    sql`select id, org_id from users
        where email_key = email_key(${email}) and deleted_at is null and is_active and kind = 'person'`,
  );

/** Whose token it is, where it is good; its row is readable for that alone. */
export const holderOf = (db: Database, purpose: Purpose, tokenHash: string): Promise<Holder | undefined> =>
  db.transaction({}, async (tx) => {
    await tx.run(sql`select set_config('app.mail_token_hash', ${tokenHash}, true)`);
    const named = await tx.maybe(
      Type.Object({ user_id: Type.String() }),
      sql`select user_id from mail_tokens where secret_hash = decode(${tokenHash}, 'hex')`,
    );
    if (named === undefined) {
      return undefined;
    }
    await tx.enter({ userId: named.user_id });
    return await tx.maybe(
      Holder,
      sql`select t.org_id, t.user_id, u.email, u.username from mail_tokens t join users u on u.id = t.user_id
          where t.secret_hash = decode(${tokenHash}, 'hex') and t.purpose = ${purpose} and ${isGood}`,
    );
  });

/** Tokens of the user whose scope the transaction is in, and what they prove. */
export const proofStore = (tx: Transaction, userId: string) => ({
  /** The account as it is, where its user may log in. */
  account: (): Promise<Static<typeof Account> | undefined> =>
    tx.maybe(
      Account,
      sql`select org_id, email, ${isProved} as is_proved
          from users where id = ${userId} and is_active and deleted_at is null and kind = 'person'`,
    ),

  insert: (
    orgId: string,
    purpose: Purpose,
    { tokenHash, lifetimeSeconds }: { readonly tokenHash: string; readonly lifetimeSeconds: number },
  ): Promise<number> =>
    tx.run(
      sql`insert into mail_tokens (org_id, id, user_id, purpose, email, secret_hash, generation, epoch, expires_at)
          select ${orgId}, ${uuidv7()}, u.id, ${purpose}, u.email, decode(${tokenHash}, 'hex'), u.session_generation, e.epoch,
                 now() + make_interval(secs => ${lifetimeSeconds})
          from users u, credential_epoch e where u.id = ${userId}`,
    ),

  /** Uses a token up; false where it is none that is good, or was used meanwhile. */
  take: async (purpose: Purpose, tokenHash: string): Promise<boolean> =>
    (await tx.run(
      sql`delete from mail_tokens t using users u
          where u.id = t.user_id and t.user_id = ${userId} and t.purpose = ${purpose}
            and t.secret_hash = decode(${tokenHash}, 'hex') and ${isGood}`,
    )) === 1,

  /** Notes that the address is proved to be theirs. */
  prove: (): Promise<number> => tx.run(sql`update users set verified_email = email where id = ${userId}`),

  /** Sets a password, which ends all sessions, and notes that the address is proved. */
  setPassword: (passwordHash: string): Promise<number> =>
    tx.run(
      sql`update users set password_hash = ${passwordHash}, verified_email = email where id = ${userId}`,
    ),

  /** Takes every identity at a provider and every second factor from the account: whoever made it may have one. What there was. */
  async endOtherWays(): Promise<string[]> {
    const identities = await tx.run(sql`delete from user_identities where user_id = ${userId}`);
    const hadFactor = await factorStore(tx, userId).remove();
    return [...(identities === 0 ? [] : ['identities']), ...(hadFactor ? ['second factor'] : [])];
  },
});
