import type { RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { organizationStore } from '../organizations/index.ts';
import { userStore } from '../users/index.ts';
import { applyGroups } from './apply-groups.ts';
import { externalGroupStore } from './external-group-store.ts';

/** Who says which groups somebody is in: a directory by SCIM, or a provider of single sign-on by its name. */
export type GroupSource = 'scim' | `oidc:${string}`;

/** The longest name of a group that can be mapped. */
const nameLengthMax = 255;

export interface GroupsOfUser {
  readonly orgId: string;
  readonly userId: string;
  readonly source: GroupSource;
  /** Mapped or not: whoever does not know says nothing. */
  readonly groups: readonly string[];
  /** Whether these are all; else they are added to those that were said before. */
  readonly isComplete: boolean;
  /** Whose the scope of the transaction is; null: of no user. */
  readonly by: string | null;
}

/**
 * Keeps in which groups a source says that a member of an organization is, and gives and takes what they give, whatever other sources say. In a
 * transaction in the organization's scope; in their own one it locks the user.
 */
export async function setExternalGroups(
  tx: Transaction,
  record: RecordEntry,
  { orgId, userId, source, groups, isComplete, by }: GroupsOfUser,
): Promise<void> {
  const store = externalGroupStore(tx, orgId);
  const named = groups.filter(({ length }) => length > 0 && length <= nameLengthMax);
  const after = (said: readonly string[]) => [...new Set(isComplete ? named : [...said, ...named])].sort();
  const said = await store.groupsOf(userId, source);
  if (isSame(said, after(said))) {
    await applyGroups(tx, record, { orgId, userId });
    return;
  }
  await organizationStore(tx).lock(orgId);
  await tx.enter({ orgId, userId });
  const isThere = await userStore(tx).lock(userId);
  await tx.enter({ orgId, ...(by === null ? {} : { userId: by }) });
  const before = await store.groupsOf(userId, source);
  const names = after(before);
  if (!isThere || isSame(before, names)) {
    return;
  }
  const resource = { resourceType: 'user', resourceId: userId };
  const at = await momentOf(tx, orgId, resource);
  await store.setGroups(userId, source, names);
  record({
    ...resource,
    at,
    action: 'user.external_groups_changed',
    before: { source, groups: before },
    after: { source, groups: names },
  });
  await applyGroups(tx, record, { orgId, userId });
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((each, index) => each === others[index]);
