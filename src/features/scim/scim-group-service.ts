import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { change, type RecordEntry } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { requireVersion } from '../../platform/http/precondition.ts';
import { setGroupMembers } from '../external-groups/index.ts';
import { organizationStore } from '../organizations/index.ts';
import { admitDirectory } from './admission.ts';
import { type GroupDraft, patchGroup, readGroup, without } from './group-draft.ts';
import { readOperations } from './patch-operations.ts';
import { type ScimGroup, type ScimGroupList, toScimGroup } from './scim-group-schemas.ts';
import { type ScimGroupRow, type ScimMemberRow, scimGroupStore } from './scim-group-store.ts';
import { type ListQuery, listingOf, projected, type ResourceQuery, shows } from './scim-list.ts';
import { urns } from './scim-schemas.ts';
import type { ScimOptions } from './scim-user-service.ts';
import { invalidValue, isUuid } from './scim-value.ts';

/** Groups that an organization may have. */
const groupsMax = 5_000;
/** Members that one reply may show. */
const shownMax = 20_000;

const resourceOf = (id: string) => ({ resourceType: 'scim_group', resourceId: id });

/** Groups of a directory, and who is in them. */
export class ScimGroupService {
  readonly #options: ScimOptions;

  constructor(options: ScimOptions) {
    this.#options = options;
  }

  async create(caller: Caller, body: unknown): Promise<ScimGroup> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    const draft = readGroup(body);
    return await change(db, caller, orgId, async (tx, record) => {
      const groups = scimGroupStore(tx, orgId);
      await organizationStore(tx).lock(orgId);
      if ((await groups.count()) >= groupsMax) {
        throw new ApiError('organization.scim_group_limit_reached');
      }
      const id = uuidv7();
      const made = await groups.insert(id, draft);
      const members = [...draft.members].toSorted();
      await addMembers(tx, orgId, id, members);
      record({
        ...resourceOf(id),
        at: made.created,
        action: 'scim_group.created',
        after: { ...summaryOf(made), members },
      });
      await tellGroups(tx, record, orgId, namesOf(made));
      return toScimGroup(made, await shownMembers(tx, orgId, [made]));
    });
  }

  async list(caller: Caller, query: ListQuery): Promise<ScimGroupList> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    const { filter, slice } = listingOf(query);
    const within = db.read({ orgId }, true, caller);
    const { rows, total } = await scimGroupStore(within, orgId).page(filter, slice);
    const members = shows(query, 'members') ? await shownMembers(within, orgId, rows) : undefined;
    const byGroup = members && Map.groupBy(members, ({ group_id: id }) => id);
    return {
      schemas: [urns.list],
      totalResults: total,
      startIndex: slice.offset + 1,
      itemsPerPage: rows.length,
      Resources: rows.map((row) =>
        projected(toScimGroup(row, byGroup && (byGroup.get(row.id) ?? [])), query),
      ),
    };
  }

  async get(caller: Caller, id: string, query: ResourceQuery): Promise<ScimGroup> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    const within = db.read({ orgId }, true, caller);
    const row = await found(isUuid(id) ? scimGroupStore(within, orgId).find(id) : undefined);
    const members = shows(query, 'members') ? await shownMembers(within, orgId, [row]) : undefined;
    return projected(toScimGroup(row, members), query);
  }

  async replace(caller: Caller, id: string, body: unknown, ifMatch: number | undefined): Promise<ScimGroup> {
    return await this.#change(
      caller,
      id,
      ifMatch,
      () => readGroup(body),
      async (tx, orgId, row) => toScimGroup(row, await shownMembers(tx, orgId, [row])),
    );
  }

  async patch(caller: Caller, id: string, body: unknown, ifMatch: number | undefined): Promise<void> {
    await this.#change(
      caller,
      id,
      ifMatch,
      (group) => patchGroup(group, readOperations(body)),
      async () => undefined,
    );
  }

  async delete(caller: Caller, id: string, ifMatch: number | undefined): Promise<void> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    await change(db, caller, orgId, async (tx, record) => {
      const before = await this.#lock(tx, orgId, id, ifMatch);
      const groups = scimGroupStore(tx, orgId);
      const members = await groups.memberIds(id);
      const at = await momentOf(tx, orgId, resourceOf(id), before.lastModified);
      await groups.delete(id);
      record({
        ...resourceOf(id),
        at,
        action: 'scim_group.deleted',
        before: { ...summaryOf(before), members },
      });
      await tellGroups(tx, record, orgId, namesOf(before));
    });
  }

  async #change<Reply>(
    caller: Caller,
    id: string,
    ifMatch: number | undefined,
    merge: (group: GroupDraft) => GroupDraft,
    reply: (tx: Transaction, orgId: string, row: ScimGroupRow) => Promise<Reply>,
  ): Promise<Reply> {
    const { db, limits } = this.#options;
    const orgId = await admitDirectory(caller, limits);
    return await change(db, caller, orgId, async (tx, record) => {
      const before = await this.#lock(tx, orgId, id, ifMatch);
      const groups = scimGroupStore(tx, orgId);
      const members = new Set(await groups.memberIds(id));
      const { displayName, externalId } = before;
      const wanted = merge({ displayName, externalId, members });
      const added = without(wanted.members, members).toSorted();
      const removed = without(members, wanted.members).toSorted();
      const isSame = wanted.displayName === displayName && wanted.externalId === externalId;
      if (isSame && added.length === 0 && removed.length === 0) {
        return await reply(tx, orgId, before);
      }
      const at = await momentOf(tx, orgId, resourceOf(id), before.lastModified);
      const after = await groups.update(id, wanted, at);
      await groups.remove(id, removed);
      await addMembers(tx, orgId, id, added);
      record({
        ...resourceOf(id),
        at,
        action: 'scim_group.updated',
        before: summaryOf(before),
        after: { ...summaryOf(after), members_added: added, members_removed: removed },
      });
      await tellGroups(tx, record, orgId, [...new Set([...namesOf(before), ...namesOf(after)])]);
      return await reply(tx, orgId, after);
    });
  }

  /** The organization first, as all that a directory changes; throws 404 whatever is wrong with an id. */
  async #lock(
    tx: Transaction,
    orgId: string,
    id: string,
    ifMatch: number | undefined,
  ): Promise<ScimGroupRow> {
    await organizationStore(tx).lock(orgId);
    const row = await found(isUuid(id) ? scimGroupStore(tx, orgId).lock(id) : undefined);
    requireVersion(ifMatch, row.version);
    return row;
  }
}

const summaryOf = ({ id, displayName, externalId }: ScimGroupRow) => ({ id, displayName, externalId });

/** The names by which a mapping may know a group. */
const namesOf = ({ displayName, externalId }: ScimGroupRow): readonly string[] => [
  displayName,
  ...(externalId === null ? [] : [externalId]),
];

/** Has the groups of these names give what they are mapped to, to those who are in them now. */
async function tellGroups(
  tx: Transaction,
  record: RecordEntry,
  orgId: string,
  names: readonly string[],
): Promise<void> {
  for (const group of names) {
    const userIds = await scimGroupStore(tx, orgId).memberIdsNamed(group);
    await setGroupMembers(tx, record, { orgId, group, userIds });
  }
}

/** Throws 400 for who is no user of the organization, whether of another one or nobody's. */
async function addMembers(
  tx: Transaction,
  orgId: string,
  id: string,
  userIds: readonly string[],
): Promise<void> {
  const odd = userIds.find((each) => !isUuid(each));
  if (
    odd !== undefined ||
    (userIds.length > 0 && (await scimGroupStore(tx, orgId).add(id, userIds)) < userIds.length)
  ) {
    throw invalidValue('members.value', 'must be the id of a user of this organization, each of them');
  }
}

async function shownMembers(
  within: Queryable,
  orgId: string,
  groups: readonly ScimGroupRow[],
): Promise<ScimMemberRow[]> {
  const ids = groups.map(({ id }) => id);
  const members = ids.length === 0 ? [] : await scimGroupStore(within, orgId).members(ids, shownMax + 1);
  if (members.length > shownMax) {
    throw new ApiError('scim.too_many');
  }
  return members;
}

async function found(looking: Promise<ScimGroupRow | undefined> | undefined): Promise<ScimGroupRow> {
  const row = await looking;
  if (row === undefined) {
    throw new ApiError('scim_group.not_found');
  }
  return row;
}
