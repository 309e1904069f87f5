import type { RecordEntry } from '../../platform/changes/change.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { organizationStore } from '../organizations/index.ts';
import { addToTeam, changeTeamRole, removeFromTeam } from '../users/index.ts';
import { externalGroupStore, type Standing, type Whose } from './external-group-store.ts';
import { stepOf } from './group-step.ts';

const because = 'a group of the identity provider or directory';

/**
 * Gives and takes what groups give of teams, as they are mapped now. What was given by hand stays; a full or inactive team takes nobody, until the next
 * time. It may take the last admin of a team: those of the organization act as its admins. No role in the organization is touched.
 */
export async function applyGroups(
  tx: Transaction,
  record: RecordEntry,
  { orgId, ...whose }: Whose & { readonly orgId: string },
): Promise<void> {
  const store = externalGroupStore(tx, orgId);
  const pending = (await store.standings(whose)).filter((standing) => stepOf(standing) !== undefined);
  if (pending.length === 0) {
    return;
  }
  const teams = new Set(pending.map(({ team_id: id }) => id));
  await organizationStore(tx).lock(orgId);
  await store.lockTeams([...teams]);
  // @NOTE read anew: who waited for the locks sees what others have done since.
  for (const standing of await store.standings(whose)) {
    if (teams.has(standing.team_id)) {
      await take(tx, record, orgId, standing);
    }
  }
}

async function take(tx: Transaction, record: RecordEntry, orgId: string, standing: Standing): Promise<void> {
  const { user_id: userId, team_id: teamId } = standing;
  const resource = { resourceType: 'team', resourceId: teamId, teamId };
  const membership = { orgId, teamId, userId };
  const step = stepOf(standing);
  if (step?.kind === 'remove') {
    const { role, at } = await removeFromTeam(tx, membership, { mayBeLastAdmin: true });
    const before = { user_id: userId, role };
    record({ ...resource, at, action: 'team.member_removed', before, after: { because } });
  }
  if (step?.kind === 'change') {
    const { role } = step;
    const changed = await changeTeamRole(tx, { ...membership, role }, { mayBeLastAdmin: true });
    if (changed !== undefined) {
      await externalGroupStore(tx, orgId).noteGiven(standing, role);
      const [before, after] = [
        { user_id: userId, role: changed.from },
        { user_id: userId, role, because },
      ];
      record({ ...resource, at: changed.at, action: 'team.member_updated', before, after });
    }
  }
  if (step?.kind === 'add') {
    const { role } = step;
    const at = await addWhereThereIsRoom(tx, { ...membership, role });
    if (at !== undefined) {
      await externalGroupStore(tx, orgId).noteGiven(standing, role);
      record({ ...resource, at, action: 'team.member_added', after: { user_id: userId, role, because } });
    }
  }
}

/** When; undefined where the team is full. */
async function addWhereThereIsRoom(
  tx: Transaction,
  membership: Parameters<typeof addToTeam>[1],
): Promise<string | undefined> {
  try {
    return await addToTeam(tx, membership);
  } catch (error) {
    // @NOTE thrown before anything is written: the transaction goes on.
    if (error instanceof ApiError && error.code === 'team.user_limit_reached') {
      return undefined;
    }
    throw error;
  }
}
