import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { readWithin } from '../../platform/auth/read-within.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Cursors, isLong, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { organizationStore } from '../organizations/index.ts';
import { teamStore } from '../teams/index.ts';
import { applyGroups } from './apply-groups.ts';
import type {
  GroupMapping,
  GroupMappingListQuery,
  GroupMappingUpdate,
  NewGroupMapping,
} from './group-mapping-schemas.ts';
import { groupMappingStore } from './group-mapping-store.ts';

/** Mappings that an organization may have. */
const mappingsMax = 500;

export interface GroupMappingServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
}

const resourceOf = (id: string) => ({ resourceType: 'group_mapping', resourceId: id });

/** What groups of a provider or directory give in an organization: docs/adr/0044-groups-give-teams.md. */
export class GroupMappingService {
  readonly #db: Database;
  readonly #cursors: Cursors;

  constructor({ db, cursors }: GroupMappingServiceOptions) {
    this.#db = db;
    this.#cursors = cursors;
  }

  async create(caller: Caller, orgId: string, draft: NewGroupMapping): Promise<GroupMapping> {
    caller.authorize({ orgId });
    const teamId = draft.team_id.toLowerCase();
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const mappings = groupMappingStore(tx, orgId);
      await organizationStore(tx).lock(orgId);
      if ((await mappings.count()) >= mappingsMax) {
        throw new ApiError('organization.group_mapping_limit_reached');
      }
      if ((await teamStore(tx, orgId).find(teamId)) === undefined) {
        throw new ApiError('team.not_found');
      }
      const made = await mappings.insert(uuidv7(), caller.userId, { ...draft, team_id: teamId });
      const { id, created_at: at } = made;
      record({ ...resourceOf(id), teamId, at, action: 'group_mapping.created', after: made });
      await applyGroups(tx, record, { orgId, teamId });
      return made;
    });
  }

  async list(caller: Caller, orgId: string, query: GroupMappingListQuery): Promise<Page<GroupMapping>> {
    return await readWithin(this.#db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      isSlow: isLong(query),
      read: (within) =>
        paginate<typeof GroupMapping>({
          cursors: this.#cursors,
          list: listName('group-mappings', { orgId }),
          query,
          key: { at: sql`created_at`, id: sql`id`, idType: sql`uuid` },
          positionOf: (mapping) => ({ at: mapping.created_at, id: mapping.id }),
          fetch: (rest) => groupMappingStore(within, orgId).page(rest),
        }),
    });
  }

  async get(caller: Caller, orgId: string, id: string): Promise<GroupMapping> {
    return await readWithin(this.#db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      isSlow: false,
      read: async (within) => found(await groupMappingStore(within, orgId).find(id)),
    });
  }

  async update(
    caller: Caller,
    orgId: string,
    id: string,
    { role }: GroupMappingUpdate,
  ): Promise<GroupMapping> {
    caller.authorize({ orgId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await this.#lock(tx, orgId, id);
      if (before.role === role) {
        return before;
      }
      const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
      const after = await groupMappingStore(tx, orgId).setRole(id, role, { by: caller.userId, at });
      const { team_id: teamId } = after;
      record({ ...resourceOf(id), teamId, at, action: 'group_mapping.updated', before, after });
      await applyGroups(tx, record, { orgId, teamId });
      return after;
    });
  }

  async delete(caller: Caller, orgId: string, id: string): Promise<void> {
    caller.authorize({ orgId });
    await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await this.#lock(tx, orgId, id);
      const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
      await groupMappingStore(tx, orgId).delete(id);
      const { team_id: teamId } = before;
      record({ ...resourceOf(id), teamId, at, action: 'group_mapping.deleted', before });
      await applyGroups(tx, record, { orgId, teamId });
    });
  }

  /** The organization first, as whoever joins a team by a group does. */
  async #lock(tx: Transaction, orgId: string, id: string): Promise<GroupMapping> {
    await organizationStore(tx).lock(orgId);
    return found(await groupMappingStore(tx, orgId).lock(id));
  }
}

function found(mapping: GroupMapping | undefined): GroupMapping {
  if (mapping === undefined) {
    throw new ApiError('group_mapping.not_found');
  }
  return mapping;
}
