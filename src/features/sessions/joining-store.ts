import { Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';

const Address = Type.Object({ email: Type.String() });
const Membership = Type.Object({ is_removed: Type.Boolean() });

/** Whether somebody may be made a member by a login, in the scope of the organization and theirs. */
export const joiningStore = (db: Queryable, orgId: string) => ({
  /** The address of a user as they proved it. */
  async provedEmail(userId: string): Promise<string | undefined> {
    const found = await db.maybe(
      Address,
      sql`select email from users where id = ${userId} and verified_email = email and deleted_at is null`,
    );
    return found?.email;
  },

  async membership(userId: string): Promise<'none' | 'member' | 'removed'> {
    await db.run(sql`select set_config('app.member_removal', 'yes', true)`);
    const found = await db.maybe(
      Membership,
      sql`select removed_at is not null as is_removed from organization_memberships
          where org_id = ${orgId} and user_id = ${userId}`,
    );
    await db.run(sql`select set_config('app.member_removal', '', true)`);
    return found === undefined ? 'none' : found.is_removed ? 'removed' : 'member';
  },

  /** Whether the organization deleted a user with this address: an admin brings them back, no login does. */
  wasDeleted: async (email: string): Promise<boolean> =>
    (await db.run(
      sql`select from users u where u.email_key = email_key(${email}) and u.deleted_at is not null
            and (u.org_id = ${orgId} or exists (
              select from organization_memberships m where m.org_id = ${orgId} and m.user_id = u.id
            )) limit 1`,
    )) > 0,
});
