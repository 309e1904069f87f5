import { Type } from 'typebox';
import type { RecordEntry } from '../../platform/changes/change.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { applyGroups } from './apply-groups.ts';

const Mapped = Type.Object({ team_id: Type.String() });

/**
 * Keeps who is in a group as its directory says, all of them at once, and gives and takes what the group gives. The organization is locked. @NOTE that
 * somebody is in it, the entry of the group tells; there is one of a user where a provider says in which groups they are.
 */
export async function setGroupMembers(
  tx: Transaction,
  record: RecordEntry,
  {
    orgId,
    group,
    userIds,
  }: { readonly orgId: string; readonly group: string; readonly userIds: readonly string[] },
): Promise<void> {
  await tx.run(
    sql`delete from external_group_members
        where org_id = ${orgId} and source = 'scim' and external_group = ${group} and user_id <> all(${userIds}::uuid[])`,
  );
  await tx.run(
    sql`insert into external_group_members (org_id, user_id, source, external_group)
        select ${orgId}, unnest(${userIds}::uuid[]), 'scim', ${group} on conflict do nothing`,
  );
  const mapped = await tx.many(
    Mapped,
    sql`select team_id from group_mappings where org_id = ${orgId} and external_group = ${group} order by team_id`,
  );
  for (const { team_id: teamId } of mapped) {
    await applyGroups(tx, record, { orgId, teamId });
  }
}

/** Keeps again in which groups of the directory somebody is who comes back, and gives what they give. The organization is locked. */
export async function rejoinGroups(
  tx: Transaction,
  record: RecordEntry,
  {
    orgId,
    userId,
    groups,
  }: { readonly orgId: string; readonly userId: string; readonly groups: readonly string[] },
): Promise<void> {
  await tx.run(
    sql`insert into external_group_members (org_id, user_id, source, external_group)
        select ${orgId}, ${userId}, 'scim', unnest(${groups}::text[]) on conflict do nothing`,
  );
  await applyGroups(tx, record, { orgId, userId });
}

/** Forgets in which groups of the directory somebody was who is taken out of the organization. */
export const forgetGroupsOf = (tx: Transaction, orgId: string, userId: string): Promise<number> =>
  tx.run(
    sql`delete from external_group_members where org_id = ${orgId} and user_id = ${userId} and source = 'scim'`,
  );
