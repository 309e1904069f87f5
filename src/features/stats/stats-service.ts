import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { isOrganizationAdmin } from '../../platform/auth/principal.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { type Sql, sql } from '../../platform/database/sql.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { type Cursors, isLong, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { requireMatchingPath } from '../../platform/http/path-mismatch.ts';
import type { TeamService } from '../teams/index.ts';
import { toMilliseconds } from './exact-time.ts';
import type { NewStat, Stat, StatListQuery } from './stats-schemas.ts';
import { statsStore } from './stats-store.ts';

export interface StatsServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly teams: TeamService;
}

export class StatsService {
  readonly #db: Database;
  readonly #cursors: Cursors;
  readonly #teams: TeamService;

  constructor(options: StatsServiceOptions) {
    this.#db = options.db;
    this.#cursors = options.cursors;
    this.#teams = options.teams;
  }

  async create(caller: Caller, teamId: string, draft: NewStat): Promise<Stat> {
    const { org_id: orgId } = await this.#teams.locate(caller, teamId);
    caller.authorize({ orgId, teamId });
    const { organization_id, team_id, ...fields } = draft;
    requireMatchingPath({ organization_id, team_id }, { organization_id: orgId, team_id: teamId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const stat = await statsStore(tx, orgId).insert({
        ...fields,
        id: uuidv7(),
        team_id: teamId,
        created_by: caller.userId,
      });
      record({
        at: stat.created_at,
        action: 'stats.created',
        resourceType: 'stats',
        resourceId: stat.id,
        teamId,
        after: stat,
      });
      return stat;
    });
  }

  async listOfTeam(caller: Caller, teamId: string, query: StatListQuery): Promise<Page<Stat>> {
    return await this.#teams.readOf(caller, teamId, {
      isSlow: isLong(query),
      read: (within, orgId) =>
        this.#page('team-stats', { teamId }, query, (rest) =>
          statsStore(within, orgId).pageOfTeam(teamId, query, rest),
        ),
    });
  }

  /** Of the teams that the caller may read: all of them for admins of the organization. */
  async listOfOrganization(caller: Caller, orgId: string, query: StatListQuery): Promise<Page<Stat>> {
    const principal = await caller.pending.known();
    caller.authorize({ orgId });
    const teamIds = isOrganizationAdmin(principal, orgId) ? 'all' : [...principal.teams.keys()];
    const stats = statsStore(this.#db.read({ orgId }, true, caller), orgId);
    return await this.#page('organization-stats', { orgId }, query, (rest) =>
      stats.pageOfOrganization(teamIds, query, rest),
    );
  }

  async get(caller: Caller, id: string): Promise<Stat> {
    return await this.#authorized(caller, id);
  }

  async delete(caller: Caller, id: string): Promise<{ message: string }> {
    const { org_id: orgId } = await this.#authorized(caller, id);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await statsStore(tx, orgId).delete(id);
      if (before === undefined) {
        throw new ApiError('stats.not_found');
      }
      const resource = { resourceType: 'stats', resourceId: id };
      const at = await momentOf(tx, orgId, resource, before.updated_at);
      record({ ...resource, at, action: 'stats.deleted', teamId: before.team_id, before });
      return { message: 'Stats deleted successfully' };
    });
  }

  async #authorized(caller: Caller, id: string): Promise<Stat> {
    const stat = await locate(this.#db, caller, { kind: 'stats', id }, (within, orgId) =>
      statsStore(within, orgId).find(id),
    );
    caller.authorize({ orgId: stat.org_id, teamId: stat.team_id });
    return stat;
  }

  async #page(
    name: string,
    of: Record<string, string>,
    query: StatListQuery,
    fetch: (rest: Sql) => Promise<Stat[]>,
  ): Promise<Page<Stat>> {
    return await paginate<typeof Stat>({
      cursors: this.#cursors,
      list: listName(name, { ...of, ...query }),
      query,
      // @NOTE of the table: what a reply calls so may be more exact, and no index has it.
      key: { at: sql`stats."timestamp"`, id: sql`id`, idType: sql`uuid` },
      positionOf: (stat) => ({ at: toMilliseconds(stat.timestamp), id: stat.id }),
      fetch,
    });
  }
}
