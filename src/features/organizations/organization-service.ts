import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import {
  defaultLimits,
  type NewOrganization,
  type Organization,
  type OrganizationUpdate,
} from './organization-schemas.ts';
import { organizationStore } from './organization-store.ts';

/** Refuses limits above what the organization has: they are raised by the operator only. */
function requireUnraisedLimits(
  fields: OrganizationUpdate,
  current: Readonly<typeof defaultLimits | Organization>,
): void {
  for (const name of ['max_teams', 'max_users_per_team'] as const) {
    const wanted = fields[name];
    if (wanted !== undefined && wanted > current[name]) {
      throw new ApiError('organization.limit_fixed', {
        faults: [{ pointer: `/${name}`, message: `is ${current[name]}; only the operator can raise it` }],
      });
    }
  }
}

export interface OrganizationQuotas {
  /** How many organizations a user may own whom the operator gave no number of their own. */
  readonly organizationsPerUser: number;
}

export class OrganizationService {
  readonly #db: Database;
  readonly #quotas: OrganizationQuotas;

  constructor(db: Database, quotas: OrganizationQuotas) {
    this.#db = db;
    this.#quotas = quotas;
  }

  /** Makes an organization with the caller as its owner; 409 where they own as many as they may. */
  async create(caller: Caller, draft: NewOrganization): Promise<Organization> {
    requireUnraisedLimits(draft, defaultLimits);
    const orgId = uuidv7();
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const organizations = organizationStore(tx);
      const founder = await organizations.lockFounder(caller.userId);
      if (founder === undefined) {
        throw new ApiError('auth.unauthenticated');
      }
      if (founder.owned >= (founder.max_organizations ?? this.#quotas.organizationsPerUser)) {
        throw new ApiError('user.organization_limit_reached');
      }
      const organization = await organizations.insert(orgId, draft);
      await organizations.addMember({ org_id: orgId, user_id: caller.userId, role: 'owner' });
      record({
        at: organization.created_at,
        action: 'organization.created',
        resourceType: 'organization',
        resourceId: orgId,
        after: organization,
      });
      return organization;
    });
  }

  list(caller: Caller): Promise<Organization[]> {
    const { userId, pending } = caller;
    return organizationStore(this.#db.lookUp({ userId }, pending)).ofUser(userId);
  }

  /** 404 for a stranger: that the organization exists is not theirs to know. */
  async get(caller: Caller, orgId: string): Promise<Organization> {
    const { pending } = caller;
    const isVisible = orgId === caller.orgId || (await pending.known()).organizations.has(orgId);
    const organization = isVisible
      ? await organizationStore(this.#db.lookUp({ orgId }, pending)).find(orgId)
      : undefined;
    if (organization === undefined) {
      throw new ApiError('organization.not_found');
    }
    caller.authorize({ orgId });
    return organization;
  }

  async update(caller: Caller, orgId: string, fields: OrganizationUpdate): Promise<Organization> {
    caller.authorize({ orgId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const organizations = organizationStore(tx);
      const before = await organizations.lock(orgId);
      if (before === undefined) {
        throw new ApiError('organization.not_found');
      }
      requireUnraisedLimits(fields, before);
      const resource = { resourceType: 'organization', resourceId: orgId };
      const at = await momentOf(tx, orgId, resource, before.updated_at);
      const after = await organizations.update(orgId, fields, at);
      if (after === undefined) {
        return before;
      }
      record({ ...resource, at, action: 'organization.updated', before, after });
      return after;
    });
  }
}
