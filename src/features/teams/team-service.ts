import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { change } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { requireMatchingPath } from '../../platform/http/path-mismatch.ts';
import { organizationStore } from '../organizations/index.ts';
import { addToTeam, changeTeamRole, removeFromTeam, toUser, userStore } from '../users/index.ts';
import type { Member, NewTeam, Team, TeamUpdate } from './team-schemas.ts';
import { teamStore } from './team-store.ts';

export class TeamService {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(caller: Caller, orgId: string, { organization_id, ...draft }: NewTeam): Promise<Team> {
    caller.authorize({ orgId });
    requireMatchingPath({ organization_id }, { organization_id: orgId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const teams = teamStore(tx, orgId);
      const organization = await organizationStore(tx).lock(orgId);
      if (organization === undefined || (await teams.count()) >= organization.max_teams) {
        throw new ApiError('organization.team_limit_reached');
      }
      const team = await teams.insert(uuidv7(), caller.userId, draft);
      record({
        action: 'team.created',
        resourceType: 'team',
        resourceId: team.id,
        teamId: team.id,
        after: team,
      });
      return team;
    });
  }

  async list(caller: Caller, orgId: string): Promise<Team[]> {
    caller.authorize({ orgId });
    return await teamStore(this.#db.within({ orgId }), orgId).active();
  }

  async get(caller: Caller, id: string): Promise<Team> {
    const team = await this.locate(caller, id);
    caller.authorize({ orgId: team.org_id, teamId: id });
    return team;
  }

  async update(caller: Caller, id: string, { organization_id, ...fields }: TeamUpdate): Promise<Team> {
    const { org_id: orgId } = await this.#authorized(caller, id);
    requireMatchingPath({ organization_id }, { organization_id: orgId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const teams = teamStore(tx, orgId);
      const before = await teams.lock(id);
      if (before === undefined) {
        throw new ApiError('team.not_found');
      }
      const after = await teams.update(id, caller.userId, fields);
      record({ action: 'team.updated', resourceType: 'team', resourceId: id, teamId: id, before, after });
      return after;
    });
  }

  async addMember(caller: Caller, teamId: string, userId: string, role: Member['role']): Promise<Member> {
    const { org_id: orgId } = await this.#authorized(caller, teamId);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      // @NOTE the same words whether the user is another organization's or nobody's.
      if ((await userStore(tx).find(orgId, userId)) === undefined) {
        throw new ApiError('user.other_organization');
      }
      await addToTeam(tx, { orgId, teamId, userId, role });
      record(memberEntry('team.member_added', teamId, { after: { user_id: userId, role } }));
      return await readMember(tx, orgId, userId, role);
    });
  }

  async changeMember(caller: Caller, teamId: string, userId: string, role: Member['role']): Promise<Member> {
    const { org_id: orgId } = await this.#authorized(caller, teamId);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await changeTeamRole(tx, { orgId, teamId, userId, role });
      record(
        memberEntry('team.member_updated', teamId, {
          before: { user_id: userId, role: before },
          after: { user_id: userId, role },
        }),
      );
      return await readMember(tx, orgId, userId, role);
    });
  }

  async removeMember(caller: Caller, teamId: string, userId: string): Promise<{ message: string }> {
    const { org_id: orgId } = await this.#authorized(caller, teamId);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const role = await removeFromTeam(tx, { orgId, teamId, userId });
      record(memberEntry('team.member_removed', teamId, { before: { user_id: userId, role } }));
      return { message: 'Team member removed successfully' };
    });
  }

  /** The team, wherever in the caller's organizations it is; 404 `team.not_found`. */
  locate(caller: Caller, id: string): Promise<Team> {
    return locate(caller, 'team.not_found', (orgId) => teamStore(this.#db.within({ orgId }), orgId).find(id));
  }

  async #authorized(caller: Caller, id: string): Promise<Team> {
    const team = await this.locate(caller, id);
    caller.authorize({ orgId: team.org_id, teamId: id });
    return team;
  }
}

const memberEntry = (action: string, teamId: string, states: { before?: object; after?: object }) => ({
  action,
  resourceType: 'team',
  resourceId: teamId,
  teamId,
  ...states,
});

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
