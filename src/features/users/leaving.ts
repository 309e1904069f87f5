import { Type } from 'typebox';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import type { UserRecord } from './user-schemas.ts';

const Home = Type.Object({ org_id: Type.String() });

/** An organization that a user belongs to besides this one, an active one first; undefined where this is their only one. */
export async function otherHome(
  tx: Transaction,
  { orgId, userId }: { readonly orgId: string; readonly userId: string },
  callerId: string,
): Promise<string | undefined> {
  // @NOTE only a person's own scope shows in which organizations they are.
  await tx.enter({ orgId, userId });
  const found = await tx.maybe(
    Home,
    sql`select m.org_id from organization_memberships m join organizations o on o.id = m.org_id
        where m.user_id = ${userId} and m.org_id <> ${orgId} order by o.is_active desc, m.created_at, m.org_id limit 1`,
  );
  await tx.enter({ orgId, userId: callerId });
  return found?.org_id;
}

/**
 * Works on the row of a user in their own scope where another organization is their home: it is not this one's to lock, nor to write.
 */
export async function inOwnScope<Result>(
  tx: Transaction,
  { org_id: orgId, id: userId, home_org_id: homeId }: UserRecord,
  callerId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (homeId === orgId) {
    return await work();
  }
  await tx.enter({ orgId, userId });
  const result = await work();
  await tx.enter({ orgId, userId: callerId });
  return result;
}

/**
 * Makes somebody a member; again, where they were one before: the row of then is what their work names. For who has made sure that they may, and
 * that there is room.
 */
export async function joinOrganization(tx: Transaction, orgId: string, userId: string): Promise<void> {
  await tx.run(sql`select set_config('app.member_removal', 'yes', true)`);
  await tx.run(
    sql`insert into organization_memberships (org_id, user_id, role) values (${orgId}, ${userId}, 'member')
        on conflict (org_id, user_id) do update set removed_at = null, role = 'member', created_at = now(), updated_at = now()`,
  );
  await tx.run(sql`select set_config('app.member_removal', '', true)`);
}

/**
 * Takes a user, who is locked, out of an organization and all its teams; where it is their home, another one is from then on. Their
 * sessions there are over with the membership.
 */
export async function removeMember(
  tx: Transaction,
  { org_id: orgId, id: userId, home_org_id: homeId }: UserRecord,
  callerId: string,
  at: string,
): Promise<void> {
  if (homeId === orgId) {
    const home = await otherHome(tx, { orgId, userId }, callerId);
    await tx.enter({ orgId, userId });
    await tx.run(sql`update users set org_id = ${home ?? null} where id = ${userId}`);
    await tx.enter({ orgId, userId: callerId });
  }
  await tx.run(sql`delete from team_memberships where org_id = ${orgId} and user_id = ${userId}`);
  await tx.run(sql`delete from external_group_members where org_id = ${orgId} and user_id = ${userId}`);
  await tx.run(sql`select set_config('app.member_removal', 'yes', true)`);
  await tx.run(
    sql`update organization_memberships set removed_at = ${at}, updated_at = ${at}, team_id = null
        where org_id = ${orgId} and user_id = ${userId}`,
  );
  await tx.run(sql`select set_config('app.member_removal', '', true)`);
}
