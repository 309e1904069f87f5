import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { readWithin } from '../../platform/auth/read-within.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError, invalid } from '../../platform/errors/api-error.ts';
import { type Cursors, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { requireMatchingPath } from '../../platform/http/path-mismatch.ts';
import { organizationStore } from '../organizations/index.ts';
import {
  addToTeam,
  changeTeamRole,
  emptyTeam,
  removeFromTeam,
  type TeamMemberRecord,
  toUser,
  userStore,
} from '../users/index.ts';
import type { Member, MemberListQuery, NewTeam, Team, TeamUpdate } from './team-schemas.ts';
import { teamStore } from './team-store.ts';

export interface TeamServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
}

/** What is read of a team. */
export interface TeamRead<Result> {
  readonly read: (within: Queryable, orgId: string) => Promise<Result>;
  readonly authorize?: ((team: { readonly orgId: string; readonly teamId: string }) => void) | undefined;
  /** Whether it may take its time, and so a connection of its own. */
  readonly isSlow?: boolean | undefined;
}

/** SQLSTATE: something still refers to the row. */
const foreignKeyViolation = '23503';

/** @NOTE the list of teams does not page (contract of v1): what each may bring is bounded instead. */
const permissionsLengthMax = 65_536;

function requireSmall({ permissions = {} }: Pick<TeamUpdate, 'permissions'>): void {
  if (JSON.stringify(permissions).length > permissionsLengthMax) {
    throw invalid('/permissions', `must not be longer than ${permissionsLengthMax} characters of JSON`);
  }
}

export class TeamService {
  readonly #db: Database;
  readonly #cursors: Cursors;

  constructor({ db, cursors }: TeamServiceOptions) {
    this.#db = db;
    this.#cursors = cursors;
  }

  async create(caller: Caller, orgId: string, { organization_id, ...draft }: NewTeam): Promise<Team> {
    caller.authorize({ orgId });
    requireMatchingPath({ organization_id }, { organization_id: orgId });
    requireSmall(draft);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const teams = teamStore(tx, orgId);
      const organization = await organizationStore(tx).lock(orgId);
      if (organization === undefined || (await teams.count()) >= organization.max_teams) {
        throw new ApiError('organization.team_limit_reached');
      }
      const team = await teams.insert(uuidv7(), caller.userId, draft);
      record({
        ...resourceOf(team.id),
        at: team.created_at,
        action: 'team.created',
        after: team,
      });
      return team;
    });
  }

  async list(caller: Caller, orgId: string): Promise<Team[]> {
    return await readWithin(this.#db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      read: (within) => teamStore(within, orgId).active(),
    });
  }

  async get(caller: Caller, id: string): Promise<Team> {
    const team = await this.locate(caller, id);
    caller.authorize({ orgId: team.org_id, teamId: id });
    return team;
  }

  async update(caller: Caller, id: string, { organization_id, ...fields }: TeamUpdate): Promise<Team> {
    const { org_id: orgId } = await this.#authorized(caller, id);
    requireMatchingPath({ organization_id }, { organization_id: orgId });
    requireSmall(fields);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const teams = teamStore(tx, orgId);
      const before = await teams.lock(id);
      if (before === undefined) {
        throw new ApiError('team.not_found');
      }
      const at = await momentOf(tx, orgId, resourceOf(id), before.updated_at);
      const after = await teams.update(id, { by: caller.userId, at }, fields);
      if (after === undefined) {
        return before;
      }
      record({ ...resourceOf(id), at, action: 'team.updated', before, after });
      return after;
    });
  }

  async delete(caller: Caller, id: string): Promise<void> {
    const { org_id: orgId } = await this.#authorized(caller, id);
    await change(this.#db, caller, orgId, async (tx, record) => {
      const teams = teamStore(tx, orgId);
      const team = await teams.lockToDelete(id);
      if (team === undefined) {
        throw new ApiError('team.not_found');
      }
      const at = await momentOf(tx, orgId, resourceOf(id), team.updated_at);
      const members = await emptyTeam(tx, { orgId, teamId: id, at });
      await teams.delete(id).catch((error: unknown) => {
        throw error instanceof pg.DatabaseError && error.code === foreignKeyViolation
          ? new ApiError('team.not_empty', { cause: error })
          : error;
      });
      const before = { ...team, members };
      record({ ...resourceOf(id), at, action: 'team.deleted', before });
    });
  }

  async listMembers(caller: Caller, teamId: string, query: MemberListQuery): Promise<Page<Member>> {
    const page = await this.readOf(caller, teamId, {
      read: (within, orgId) =>
        paginate<typeof TeamMemberRecord>({
          cursors: this.#cursors,
          list: listName('team-members', { teamId }),
          query,
          key: { at: sql`member.created_at`, id: sql`member.user_id`, idType: sql`uuid` },
          positionOf: (member) => ({ at: member.member_since, id: member.id }),
          fetch: (rest) => userStore(within).pageOfTeam(orgId, teamId, rest),
        }),
    });
    return {
      ...page,
      items: page.items.map(({ member_role: role, member_since: _, ...user }) => ({
        user_id: user.id,
        role,
        user: toUser(user),
      })),
    };
  }

  async addMember(caller: Caller, teamId: string, userId: string, role: Member['role']): Promise<Member> {
    const { org_id: orgId } = await this.#authorized(caller, teamId);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      // @NOTE the same words whether the user is another organization's or nobody's.
      if ((await userStore(tx).find(orgId, userId)) === undefined) {
        throw new ApiError('user.other_organization');
      }
      const at = await addToTeam(tx, { orgId, teamId, userId, role });
      record({
        ...resourceOf(teamId),
        at,
        action: 'team.member_added',
        after: { user_id: userId, role },
      });
      return await readMember(tx, orgId, userId, role);
    });
  }

  async changeMember(caller: Caller, teamId: string, userId: string, role: Member['role']): Promise<Member> {
    const { org_id: orgId } = await this.#authorized(caller, teamId);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const changed = await changeTeamRole(tx, { orgId, teamId, userId, role });
      if (changed !== undefined) {
        record({
          ...resourceOf(teamId),
          at: changed.at,
          action: 'team.member_updated',
          before: { user_id: userId, role: changed.from },
          after: { user_id: userId, role },
        });
      }
      return await readMember(tx, orgId, userId, role);
    });
  }

  async removeMember(caller: Caller, teamId: string, userId: string): Promise<{ message: string }> {
    const { org_id: orgId } = await this.#authorized(caller, teamId);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const { role, at } = await removeFromTeam(tx, { orgId, teamId, userId });
      record({
        ...resourceOf(teamId),
        at,
        action: 'team.member_removed',
        before: { user_id: userId, role },
      });
      return { message: 'Team member removed successfully' };
    });
  }

  /** The team, wherever in the caller's organizations it is; 404 `team.not_found`. */
  locate(caller: Caller, id: string): Promise<Team> {
    return locate(this.#db, caller, { kind: 'team', id }, (within, orgId) =>
      teamStore(within, orgId).find(id),
    );
  }

  /**
   * Reads what belongs to a team, in the round trip that finds the team; `authorize` grants more than the route's permission on the
   * team, where more is needed. What was read is dropped where the caller may not, or the team is not of the token's organization:
   * there it is read once that is known.
   */
  async readOf<Result>(
    caller: Caller,
    teamId: string,
    { read, authorize, isSlow = false }: TeamRead<Result>,
  ): Promise<Result> {
    const { orgId, pending } = caller;
    const own = this.#db.read({ orgId }, isSlow, caller, pending);
    // @NOTE a refusal, or that there is no such team, goes before any fault of the read.
    const [team, reading] = await Promise.allSettled([teamStore(own, orgId).find(teamId), read(own, orgId)]);
    await pending.known();
    if (team.status === 'rejected') {
      throw team.reason;
    }
    const { org_id: holder } = team.value ?? (await this.locate(caller, teamId));
    const target = { orgId: holder, teamId };
    caller.authorize(target);
    authorize?.(target);
    if (holder !== orgId) {
      return await read(this.#db.read({ orgId: holder }, isSlow, caller), holder);
    }
    if (reading.status === 'rejected') {
      throw reading.reason;
    }
    return reading.value;
  }

  async #authorized(caller: Caller, id: string): Promise<Team> {
    const team = await this.locate(caller, id);
    caller.authorize({ orgId: team.org_id, teamId: id });
    return team;
  }
}

/** A team in the audit trail; its members are told of there, too. */
const resourceOf = (teamId: string) => ({ resourceType: 'team', resourceId: teamId, teamId });

async function readMember(
  tx: Transaction,
  orgId: string,
  userId: string,
  role: Member['role'],
): Promise<Member> {
  const user = await userStore(tx).find(orgId, userId);
  if (user === undefined) {
    throw new ApiError('team.member_not_found');
  }
  return { user_id: user.id, role, user: toUser(user) };
}
