import { type Static, Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';

const Account = Type.Object({
  id: Type.String(),
  email: Type.String(),
  username: Type.String(),
  is_active: Type.Boolean(),
  is_proved: Type.Boolean(),
});
export type Account = Static<typeof Account>;

const columns = sql`id, email, username, is_active, coalesce(verified_email = email, false) as is_proved`;

/** The account with this address, in whatever case. */
export const accountWith = (db: Database, email: string): Promise<Account | undefined> =>
  db
    .within({ loginEmail: email })
    .maybe(
      Account,
      sql`select ${columns} from users where email_key = email_key(${email}) and deleted_at is null and kind = 'person'`,
    );

/** The account of who joins an organization, in the scope of both. */
export const accountStore = (tx: Transaction, orgId: string, userId: string) => ({
  read: (): Promise<Account | undefined> =>
    tx.maybe(Account, sql`select ${columns} from users where id = ${userId} and deleted_at is null`),

  isMember: async (): Promise<boolean> =>
    (await tx.run(
      sql`select from organization_memberships where org_id = ${orgId} and user_id = ${userId}`,
    )) === 1,

  isInTeam: async (teamId: string): Promise<boolean> =>
    (await tx.run(
      sql`select from team_memberships where org_id = ${orgId} and team_id = ${teamId} and user_id = ${userId}`,
    )) === 1,
});
