import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { change } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { organizationStore } from '../organizations/index.ts';
import { addToTeam, requireRoom } from './membership-rules.ts';
import type { NewServiceAccount, User } from './user-schemas.ts';
import { toUser } from './user-service.ts';
import { userStore } from './user-store.ts';

/**
 * Users that are no person: they have a role in teams as any member has, are deactivated and deleted as any is, and nobody logs in as one. Their
 * keys do not end with the one who made them. The database holds them to having no password and no address: migrations/0037-service-accounts.sql.
 */
export class ServiceAccounts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async create(caller: Caller, orgId: string, draft: NewServiceAccount): Promise<User> {
    caller.authorize({ orgId });
    const { name, team_id: teamId, role = 'member' } = draft;
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const id = uuidv7();
      const users = userStore(tx);
      await requireRoom(tx, orgId);
      await users.insert({
        id,
        org_id: orgId,
        created_by: caller.userId,
        kind: 'service_account',
        email: `${id}@service-account.invalid`,
        username: `service-${id}`,
        full_name: name,
      });
      await organizationStore(tx).addMember({ org_id: orgId, user_id: id, role: 'member' });
      await addToTeam(tx, { orgId, teamId: teamId.toLowerCase(), userId: id, role });
      const made = await users.find(orgId, id);
      if (made === undefined) {
        throw new ApiError('user.not_found');
      }
      const after = toUser(made);
      const resource = { resourceType: 'user', resourceId: id, teamId: made.team_id };
      record({ ...resource, at: made.created_at, action: 'user.service_account_created', after });
      return after;
    });
  }
}
