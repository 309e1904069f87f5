import type { Caller } from '../../platform/auth/caller.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { change, type Work } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { requireVersion } from '../../platform/http/precondition.ts';
import { forgetGroupsOf, rejoinGroups } from '../external-groups/index.ts';
import { organizationStore } from '../organizations/index.ts';
import {
  createMember,
  dropMember,
  isProfileOf,
  namingChange,
  readMember,
  rejoinMember,
  setMemberActivity,
  settleProfile,
} from '../users/index.ts';
import { admitDirectory } from './admission.ts';
import { readOperations } from './patch-operations.ts';
import { scimGroupStore } from './scim-group-store.ts';
import { type ListQuery, listingOf, projected, type ResourceQuery } from './scim-list.ts';
import { type ScimUser, type ScimUserList, toScimUser, urns, versionOf } from './scim-schemas.ts';
import { type ScimUserRow, scimUserStore } from './scim-user-store.ts';
import { isUuid } from './scim-value.ts';
import { addressOf, emptyDraft, fullNameOf, readUser, type UserDraft } from './user-draft.ts';
import { patchUser } from './user-patch.ts';

export interface ScimOptions {
  readonly db: Database;
  readonly limits: SharedLimits;
}

/** What a user is to be, once it is known what they are. */
type Merge = (current: ScimUserRow) => UserDraft;

const resourceOf = (id: string) => ({ resourceType: 'user', resourceId: id });
const profileOf = (draft: UserDraft) => ({ email: addressOf(draft), fullName: fullNameOf(draft) });

/** People of an organization, as its directory makes and changes them: docs/adr/0045-scim.md. */
export class ScimUserService {
  readonly #options: ScimOptions;

  constructor(options: ScimOptions) {
    this.#options = options;
  }

  async create(caller: Caller, body: unknown): Promise<ScimUser> {
    const orgId = await admitDirectory(caller, this.#options.limits);
    const draft = readUser(body, emptyDraft);
    const member = { ...profileOf(draft), isActive: draft.active };
    return await addressesTold(
      namingChange(this.#options, caller, { orgId }, async (tx, record) => {
        const people = scimUserStore(tx, orgId);
        await organizationStore(tx).lock(orgId);
        await requireFreeName(tx, orgId, draft.userName, null);
        const id = await createMember(tx, caller, orgId, member);
        const at = await momentOf(tx, orgId, resourceOf(id));
        await people.save(id, draft, at);
        const after = toScimUser(await found(people.find(id)));
        record({ ...resourceOf(id), at, action: 'scim_user.created', after });
        return after;
      }),
    );
  }

  async list(caller: Caller, query: ListQuery): Promise<ScimUserList> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    const { filter, slice } = listingOf(query);
    const { rows, total } = await scimUserStore(db.read({ orgId }, true, caller), orgId).page(filter, slice);
    return {
      schemas: [urns.list],
      totalResults: total,
      startIndex: slice.offset + 1,
      itemsPerPage: rows.length,
      Resources: rows.map((row) => projected(toScimUser(row), query)),
    };
  }

  async get(caller: Caller, id: string, query: ResourceQuery): Promise<ScimUser> {
    const orgId = await admitDirectory(caller, this.#options.limits);
    return projected(toScimUser(await this.#find(orgId, id)), query);
  }

  async replace(caller: Caller, id: string, body: unknown, ifMatch: number | undefined): Promise<ScimUser> {
    // @NOTE a body that does not say whether they are active must not let somebody in again.
    return await this.#change(caller, id, ifMatch, ({ active }) => readUser(body, { ...emptyDraft, active }));
  }

  async patch(caller: Caller, id: string, body: unknown, ifMatch: number | undefined): Promise<ScimUser> {
    return await this.#change(caller, id, ifMatch, (current) => patchUser(current, readOperations(body)));
  }

  async delete(caller: Caller, id: string, ifMatch: number | undefined): Promise<void> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    await this.#find(orgId, id);
    await change(db, caller, orgId, async (tx, record) => {
      const people = scimUserStore(tx, orgId);
      await organizationStore(tx).lock(orgId);
      const before = await found(people.find(id));
      requireVersion(ifMatch, versionOf(before));
      const at = await momentOf(tx, orgId, resourceOf(id), before.lastModified);
      const member = await readMember(tx, caller, orgId, id);
      if (member !== undefined) {
        await dropMember(tx, caller, member, { by: caller.userId, at });
      }
      await people.delete(id);
      await scimGroupStore(tx, orgId).removeFromAll(id, at);
      await forgetGroupsOf(tx, orgId, id);
      record({ ...resourceOf(id), at, action: 'scim_user.deleted', before: toScimUser(before) });
    });
  }

  async #change(caller: Caller, id: string, ifMatch: number | undefined, merge: Merge): Promise<ScimUser> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    const current = await this.#find(orgId, id);
    const isRenamed = addressOf(merge(current)) !== addressOf(current);
    const work: Work<ScimUser> = async (tx, record) => {
      const people = scimUserStore(tx, orgId);
      await organizationStore(tx).lock(orgId);
      const before = await found(people.find(id));
      requireVersion(ifMatch, versionOf(before));
      const wanted = draftOf(merge(before));
      if (JSON.stringify(wanted) === JSON.stringify(draftOf(before))) {
        return toScimUser(before);
      }
      await requireFreeName(tx, orgId, wanted.userName, id);
      const at = await momentOf(tx, orgId, resourceOf(id), before.lastModified);
      await people.save(id, wanted, at);
      if (await this.#settle(tx, caller, { orgId, id, wanted, at })) {
        const groups = await scimGroupStore(tx, orgId).namesOf(id);
        await rejoinGroups(tx, record, { orgId, userId: id, groups });
      }
      const after = toScimUser(await found(people.find(id)));
      record({ ...resourceOf(id), at, action: 'scim_user.updated', before: toScimUser(before), after });
      return after;
    };
    return await (isRenamed
      ? addressesTold(namingChange(this.#options, caller, { orgId, renamed: id }, work))
      : change(db, caller, orgId, work));
  }

  /** Brings account and membership in line with what the directory says, as far as they are the organization's; whether they came back. */
  async #settle(
    tx: Transaction,
    caller: Caller,
    { orgId, id, wanted, at }: { orgId: string; id: string; wanted: UserDraft; at: string },
  ): Promise<boolean> {
    const people = scimUserStore(tx, orgId);
    let member = await readMember(tx, caller, orgId, id);
    const isBack = member === undefined && wanted.active;
    if (isBack) {
      await rejoinMember(tx, caller, orgId, id);
      await people.suspend(id, null);
      member = await readMember(tx, caller, orgId, id);
    }
    if (member === undefined) {
      return isBack;
    }
    const stamp = { by: caller.userId, at };
    if (!isProfileOf(member, profileOf(wanted))) {
      await settleProfile(tx, caller, member, profileOf(wanted), stamp);
    }
    if (
      member.is_active !== wanted.active &&
      (await setMemberActivity(tx, caller, member, wanted.active, stamp))
    ) {
      await people.suspend(id, at);
    }
    return isBack;
  }

  /** Throws 404 whatever is wrong with an id. */
  async #find(orgId: string, id: string): Promise<ScimUserRow> {
    return await found(
      isUuid(id) ? scimUserStore(this.#options.db.lookUp({ orgId }), orgId).find(id) : undefined,
    );
  }
}

async function found(looking: Promise<ScimUserRow | undefined> | undefined): Promise<ScimUserRow> {
  const row = await looking;
  if (row === undefined) {
    throw new ApiError('user.not_found');
  }
  return row;
}

/** The attributes of a user that a directory writes, in one order. */
const draftOf = (draft: UserDraft): UserDraft => ({
  userName: draft.userName,
  externalId: draft.externalId,
  displayName: draft.displayName,
  formatted: draft.formatted,
  givenName: draft.givenName,
  familyName: draft.familyName,
  emails: draft.emails.map(({ value, type, primary }) => ({
    value,
    ...(type === undefined ? {} : { type }),
    ...(primary === undefined ? {} : { primary }),
  })),
  active: draft.active,
});

/** Throws 409 `scim.uniqueness` where somebody else goes by that name; the organization is locked. */
async function requireFreeName(
  tx: Transaction,
  orgId: string,
  userName: string,
  exceptId: string | null,
): Promise<void> {
  const people = scimUserStore(tx, orgId);
  if (await people.isTaken(userName, exceptId)) {
    throw new ApiError('scim.uniqueness', { detail: 'There is a user with this userName already' });
  }
  await people.free(userName);
}

/** Tells that an address is taken in the words of SCIM. */
async function addressesTold<Reply>(changing: Promise<Reply>): Promise<Reply> {
  try {
    return await changing;
  } catch (error) {
    throw error instanceof ApiError && error.code === 'user.email_taken'
      ? new ApiError('scim.address_known', { cause: error })
      : error;
  }
}
