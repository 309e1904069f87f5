import type { Caller } from '../../platform/auth/caller.ts';
import { change, type RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError, invalid } from '../../platform/errors/api-error.ts';
import { type OrganizationQuotas, organizationStore } from '../organizations/index.ts';
import { inOwnScope, otherHome, removeMember } from './leaving.ts';
import { requireReplaceable } from './membership-rules.ts';
import { membershipStore } from './membership-store.ts';
import type { OrganizationRoleChange, User, UserRecord } from './user-schemas.ts';
import { toUser } from './user-service.ts';
import { userStore } from './user-store.ts';

type OrganizationRole = UserRecord['organization_role'];

/** Who is what in an organization as a whole: its owners say so, one at least is always there, and everybody may leave. */
export class OrganizationMembers {
  readonly #db: Database;
  readonly #quotas: OrganizationQuotas;

  constructor(db: Database, quotas: OrganizationQuotas) {
    this.#db = db;
    this.#quotas = quotas;
  }

  /** Throws 400 `organization.last_owner`, 409 where who is to be an owner owns as many as they may. */
  async setRole(
    caller: Caller,
    orgId: string,
    userId: string,
    { role }: OrganizationRoleChange,
  ): Promise<User> {
    caller.authorize({ orgId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await this.#lock(tx, caller, orgId, userId);
      await this.#change(tx, record, caller, { before, role });
      return toUser(await read(tx, orgId, userId));
    });
  }

  /** Makes somebody else the owner in the place of the caller, who is an admin from then on. */
  async transfer(caller: Caller, orgId: string, userId: string): Promise<void> {
    caller.authorize({ orgId });
    if (userId === caller.userId) {
      throw invalid('/user_id', 'is your own; name who is to be the owner in your place');
    }
    await change(this.#db, caller, orgId, async (tx, record) => {
      const successor = await this.#lock(tx, caller, orgId, userId);
      const own = await read(tx, orgId, caller.userId);
      if (own.organization_role !== 'owner') {
        throw new ApiError('auth.forbidden', { why: 'the caller is no owner any more' });
      }
      await this.#change(tx, record, caller, { before: successor, role: 'owner' });
      await this.#change(tx, record, caller, { before: own, role: 'admin' });
    });
  }

  /**
   * Takes the caller out of an organization. Throws 400 `organization.last_owner` and `team.last_admin`, 409 `user.last_organization` for who
   * has no other one.
   */
  async leave(caller: Caller, orgId: string): Promise<void> {
    caller.authorize({ orgId });
    const { userId } = caller;
    await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await this.#lock(tx, caller, orgId, userId);
      await requireReplaceable(tx, orgId, before);
      if ((await otherHome(tx, { orgId, userId }, userId)) === undefined) {
        throw new ApiError('user.last_organization');
      }
      const resource = { resourceType: 'user', resourceId: userId };
      const at = await momentOf(tx, orgId, resource, before.updated_at);
      await removeMember(tx, before, userId, at);
      record({ ...resource, at, action: 'user.left', before: toUser(before) });
    });
  }

  /** The organization first, so that its owners change one by one. */
  async #lock(tx: Transaction, caller: Caller, orgId: string, userId: string): Promise<UserRecord> {
    await organizationStore(tx).lock(orgId);
    const found = await read(tx, orgId, userId);
    if (!(await inOwnScope(tx, found, caller.userId, () => userStore(tx).lock(userId)))) {
      throw new ApiError('user.not_found');
    }
    return await read(tx, orgId, userId);
  }

  async #change(
    tx: Transaction,
    record: RecordEntry,
    caller: Caller,
    { before, role }: { readonly before: UserRecord; readonly role: OrganizationRole },
  ): Promise<void> {
    const { org_id: orgId, id: userId, organization_role: from } = before;
    if (from === role) {
      return;
    }
    if (role !== 'member' && (before.is_service_account || !before.is_active)) {
      throw invalid(
        '',
        'names a service account, or somebody who is deactivated: neither can be an admin of the organization',
      );
    }
    const memberships = membershipStore(tx, orgId);
    if (from === 'owner' && (await memberships.countOtherOwners(userId)) === 0) {
      throw new ApiError('organization.last_owner');
    }
    if (role === 'owner') {
      await this.#requireQuota(tx, caller, { orgId, userId });
    }
    const resource = { resourceType: 'user', resourceId: userId };
    const at = await momentOf(tx, orgId, resource, before.updated_at);
    await memberships.setOrganizationRole(userId, role, at);
    record({
      ...resource,
      at,
      action: 'user.organization_role_changed',
      before: { organization_role: from },
      after: { organization_role: role },
    });
  }

  /** @NOTE only a person's own scope shows what they own. */
  async #requireQuota(
    tx: Transaction,
    caller: Caller,
    { orgId, userId }: { readonly orgId: string; readonly userId: string },
  ): Promise<void> {
    await tx.enter({ orgId, userId });
    const founder = await organizationStore(tx).lockFounder(userId);
    await tx.enter({ orgId, userId: caller.userId });
    if (founder === undefined) {
      throw new ApiError('user.not_found');
    }
    if (founder.owned >= (founder.max_organizations ?? this.#quotas.organizationsPerUser)) {
      throw new ApiError('user.organization_limit_reached', {
        detail:
          'They own as many organizations as they may; the operator of this service can let them own more',
      });
    }
  }
}

async function read(tx: Transaction, orgId: string, userId: string): Promise<UserRecord> {
  const user = await userStore(tx).find(orgId, userId);
  if (user === undefined) {
    throw new ApiError('user.not_found');
  }
  return user;
}
