import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import type { Stamp } from '../../platform/changes/moment.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { organizationStore } from '../organizations/index.ts';
import { inOwnScope, joinOrganization, otherHome, removeMember } from './leaving.ts';
import { requireRoom } from './membership-rules.ts';
import { membershipStore } from './membership-store.ts';
import { hasHigherRank, requireNoHigherRank } from './user-access.ts';
import type { UserRecord } from './user-schemas.ts';
import { userStore } from './user-store.ts';

/** What a directory says of somebody who is to be a member. */
export interface MemberDraft {
  readonly email: string;
  readonly fullName: string | null;
  readonly isActive: boolean;
}

/**
 * Makes an account that nobody has proved, without a password, and a member of the organization in no team; answers its id. Throws 400 `user.email_taken`, 409
 * `organization.user_limit_reached`. Locks the organization.
 */
export async function createMember(
  tx: Transaction,
  caller: Caller,
  orgId: string,
  { email, fullName, isActive }: MemberDraft,
): Promise<string> {
  await requireRoom(tx, orgId);
  const id = uuidv7();
  await userStore(tx).insert({
    id,
    org_id: orgId,
    created_by: caller.userId,
    email,
    username: usernameFor(email),
    full_name: fullName,
    is_active: isActive,
  });
  await organizationStore(tx).addMember({ org_id: orgId, user_id: id, role: 'member' });
  return id;
}

/** @NOTE always with a tail: whether another organization has somebody of that name is nobody's to know. */
function usernameFor(email: string): string {
  const [local = ''] = email.split('@');
  const name = local.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 80);
  return `${name}-${randomBytes(4).toString('hex')}`;
}

/** A member, locked; the organization is locked already. Undefined for who is none. */
export async function readMember(
  tx: Transaction,
  caller: Caller,
  orgId: string,
  userId: string,
): Promise<UserRecord | undefined> {
  const found = await userStore(tx).find(orgId, userId);
  if (
    found === undefined ||
    found.is_service_account ||
    !(await inOwnScope(tx, found, caller.userId, () => userStore(tx).lock(userId)))
  ) {
    return undefined;
  }
  return await userStore(tx).find(orgId, userId);
}

/** Whether the account is of this organization alone, so that it may say how its person is called. */
const isHereAlone = async (tx: Transaction, caller: Caller, { org_id, id, home_org_id }: UserRecord) =>
  home_org_id === org_id && (await otherHome(tx, { orgId: org_id, userId: id }, caller.userId)) === undefined;

/** Whether the profile of a member is so already. */
export const isProfileOf = (
  user: UserRecord,
  { email, fullName }: Pick<MemberDraft, 'email' | 'fullName'>,
): boolean => user.email === email && user.full_name === fullName;

/**
 * Brings name and address of a member in line with what a directory says, as far as they are the organization's to set: never of who belongs to another one, too,
 * or is of a higher rank than the caller; the address only while its person has not proved it.
 */
export async function settleProfile(
  tx: Transaction,
  caller: Caller,
  user: UserRecord,
  { email, fullName }: Pick<MemberDraft, 'email' | 'fullName'>,
  stamp: Stamp,
): Promise<void> {
  if (hasHigherRank(caller, user) || !(await isHereAlone(tx, caller, user))) {
    return;
  }
  const fields = { full_name: fullName, ...(user.is_verified ? {} : { email }) };
  await userStore(tx).update(user.id, stamp, fields, { hasNewRole: false });
}

/**
 * Locks a member out of the organization, or lets them in again. Who belongs to another one, too, is taken out of this one and goes on there: answers
 * true then, for they come back by `rejoinMember`. A team may lose its last admin by it, since whoever leaves a company is locked out in any case; those of the organization
 * act as admins of each team. Throws 403 for a higher rank, 400 `organization.last_owner`.
 */
export async function setMemberActivity(
  tx: Transaction,
  caller: Caller,
  user: UserRecord,
  isActive: boolean,
  stamp: Stamp,
): Promise<boolean> {
  requireNoHigherRank(caller, user);
  if (await isHereAlone(tx, caller, user)) {
    if (!isActive) {
      await requireOtherOwner(tx, user);
    }
    await userStore(tx).update(user.id, stamp, { is_active: isActive }, { hasNewRole: false });
    return false;
  }
  if (isActive) {
    throw new ApiError('auth.forbidden', {
      why: 'their account is off, and another organization’s, too',
      detail:
        'The account of this person is off, and not of your organization alone: it is not yours to turn on',
    });
  }
  await requireOtherOwner(tx, user);
  await removeMember(tx, user, caller.userId, stamp.at);
  return true;
}

/** Makes somebody a member again whom `setMemberActivity` took out. Throws 404 where their account is gone, 409 where there is no room. */
export async function rejoinMember(
  tx: Transaction,
  caller: Caller,
  orgId: string,
  userId: string,
): Promise<void> {
  await requireRoom(tx, orgId);
  await tx.enter({ orgId, userId });
  if (!(await userStore(tx).lock(userId))) {
    throw new ApiError('user.not_found');
  }
  await joinOrganization(tx, orgId, userId);
  await tx.enter({ orgId, userId: caller.userId });
}

/** Deletes the account of a member, or takes them out of the organization where they belong to another one, too. Throws as `setMemberActivity`. */
export async function dropMember(
  tx: Transaction,
  caller: Caller,
  user: UserRecord,
  stamp: Stamp,
): Promise<void> {
  requireNoHigherRank(caller, user);
  await requireOtherOwner(tx, user);
  if (await isHereAlone(tx, caller, user)) {
    await userStore(tx).markDeleted(user.id, stamp);
  } else {
    await removeMember(tx, user, caller.userId, stamp.at);
  }
}

async function requireOtherOwner(
  tx: Transaction,
  { org_id: orgId, id, organization_role }: UserRecord,
): Promise<void> {
  if (organization_role === 'owner' && (await membershipStore(tx, orgId).countOtherOwners(id)) === 0) {
    throw new ApiError('organization.last_owner');
  }
}
