import { v7 as uuidv7 } from 'uuid';
import type { Caller } from '../../platform/auth/caller.ts';
import { locate } from '../../platform/auth/locate.ts';
import { isOrganizationAdmin, teamRoleOf } from '../../platform/auth/principal.ts';
import { change } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import { column } from '../../platform/database/sql.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import {
  type Cursors,
  isLong,
  listName,
  newestFirst,
  type Page,
  paginate,
} from '../../platform/http/cursor.ts';
import { requireMatchingPath } from '../../platform/http/path-mismatch.ts';
import { requireVersion } from '../../platform/http/precondition.ts';
import type { TeamService } from '../teams/index.ts';
import { insertEvent } from './event-store.ts';
import { auditEntry, eventOf, lockedIncident, stampOf } from './incident-change.ts';
import {
  changesBetween,
  eventType,
  type IncidentTimes,
  timesAfter,
  untouched,
} from './incident-lifecycle.ts';
import type {
  Incident,
  IncidentListQuery,
  IncidentSelection,
  IncidentUpdate,
  NewIncident,
  OrganizationIncidentQuery,
} from './incident-schemas.ts';
import { incidentStore } from './incident-store.ts';

export interface IncidentServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly teams: TeamService;
}

export class IncidentService {
  readonly #db: Database;
  readonly #cursors: Cursors;
  readonly #teams: TeamService;

  constructor(options: IncidentServiceOptions) {
    this.#db = options.db;
    this.#cursors = options.cursors;
    this.#teams = options.teams;
  }

  /** Creates; gives the first incident instead where the organization has seen the draft's idempotency key before. */
  async create(caller: Caller, teamId: string, draft: NewIncident): Promise<Incident> {
    const { org_id: orgId } = await this.#teams.locate(caller, teamId);
    caller.authorize({ orgId, teamId });
    const { organization_id, team_id, ...fields } = draft;
    requireMatchingPath({ organization_id, team_id }, { organization_id: orgId, team_id: teamId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const incidents = incidentStore(tx, orgId);
      // @NOTE before the draft is looked at: who sends it again gets the first incident, even if its assignee has left.
      const first = await readableFirst(tx, caller, orgId, fields.idempotency_key);
      if (first !== undefined) {
        return first;
      }
      await requireAssignable(tx, orgId, fields.assigned_to);
      const row = { ...fields, id: uuidv7(), team_id: teamId, created_by: caller.userId };
      const incident = await incidents.insert({ ...row, ...(await timesOfNew(tx, fields)) });
      if (incident === undefined) {
        const winner = await readableFirst(tx, caller, orgId, fields.idempotency_key);
        if (winner === undefined) {
          throw new ApiError('service.unavailable', { retryAfterSeconds: 1 });
        }
        return winner;
      }
      const now = incident.created_at;
      tx.later(insertEvent(orgId, { ...eventOf(incident, { by: caller.userId, at: now }), type: 'created' }));
      record(auditEntry('incident.created', incident, { at: now, after: incident }));
      return incident;
    });
  }

  async list(caller: Caller, teamId: string, query: IncidentListQuery): Promise<Page<Incident>> {
    return await this.#teams.readOf(caller, teamId, {
      isSlow: query.q !== undefined || query.tag !== undefined || isLong(query),
      authorize: query.include_deleted ? (team) => caller.requireAdmin(team) : undefined,
      read: (within, orgId) =>
        paginate<typeof Incident>({
          cursors: this.#cursors,
          list: listName('incidents', { teamId, ...query }),
          query,
          key: newestFirst,
          positionOf: (incident) => ({ at: incident.created_at, id: incident.id }),
          fetch: (_rest, _orderAndLimit, range) => incidentStore(within, orgId).page(teamId, query, range),
        }),
    });
  }

  /** Of the teams that the caller may read: all of them for admins of the organization. */
  async listOfOrganization(
    caller: Caller,
    orgId: string,
    { fields, sort = '-created_at', ...query }: OrganizationIncidentQuery,
  ): Promise<Page<IncidentSelection>> {
    const principal = await caller.pending.known();
    caller.authorize({ orgId });
    if (query.include_deleted) {
      caller.requireAdmin({ orgId });
    }
    const teamIds = isOrganizationAdmin(principal, orgId) ? 'all' : [...principal.teams.keys()];
    const incidents = incidentStore(this.#db.read({ orgId }, true, caller), orgId);
    const by = sort.endsWith('updated_at') ? 'updated_at' : 'created_at';
    const page = await paginate<typeof Incident>({
      cursors: this.#cursors,
      list: listName('organization-incidents', { orgId, sort, ...query }),
      query,
      key: { ...newestFirst, at: column(by), ascending: !sort.startsWith('-') },
      positionOf: (incident) => ({ at: incident[by], id: incident.id }),
      fetch: (_rest, _orderAndLimit, range) => incidents.pageOfTeams(teamIds, query, { ...range, by }),
    });
    return fields === undefined
      ? page
      : { ...page, items: page.items.map((incident) => selectionOf(incident, fields)) };
  }

  async get(caller: Caller, id: string, isDeletedIncluded?: boolean): Promise<Incident> {
    const incident = await this.authorized(caller, id, isDeletedIncluded);
    if (isDeletedIncluded) {
      caller.requireAdmin({ orgId: incident.org_id, teamId: incident.team_id });
    }
    return incident;
  }

  async update(
    caller: Caller,
    id: string,
    update: IncidentUpdate,
    ifMatch: number | undefined,
  ): Promise<Incident> {
    const { org_id: orgId, team_id: teamId } = await this.authorized(caller, id);
    const { organization_id, team_id, ...fields } = update;
    requireMatchingPath({ organization_id, team_id }, { organization_id: orgId, team_id: teamId });
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await lockedIncident(tx, orgId, id);
      requireVersion(ifMatch, before.version);
      if (fields.assigned_to !== before.assigned_to) {
        await requireAssignable(tx, orgId, fields.assigned_to);
      }
      const { status = before.status, assigned_to = before.assigned_to } = fields;
      const stamp = await stampOf(tx, caller, before);
      const times = timesAfter(before, { status, isAssigned: assigned_to !== null }, stamp.at);
      const after = await incidentStore(tx, orgId).update(id, stamp, fields, times);
      if (after === undefined) {
        return before;
      }
      const [type, changes] = [eventType(before, after), changesBetween(before, after)];
      tx.later(insertEvent(orgId, { ...eventOf(before, stamp), type, changes }));
      record(auditEntry('incident.updated', after, { at: stamp.at, before, after }));
      return after;
    });
  }

  async delete(caller: Caller, id: string, ifMatch: number | undefined): Promise<{ message: string }> {
    const { org_id: orgId } = await this.authorized(caller, id);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await lockedIncident(tx, orgId, id);
      requireVersion(ifMatch, before.version);
      const stamp = await stampOf(tx, caller, before);
      await incidentStore(tx, orgId).markDeleted(id, stamp);
      tx.later(insertEvent(orgId, { ...eventOf(before, stamp), type: 'deleted' }));
      record(auditEntry('incident.deleted', before, { at: stamp.at, before }));
      return { message: 'Incident deleted successfully' };
    });
  }

  async restore(caller: Caller, id: string, ifMatch: number | undefined): Promise<Incident> {
    const { org_id: orgId } = await this.authorized(caller, id, true);
    return await change(this.#db, caller, orgId, async (tx, record) => {
      const before = await lockedIncident(tx, orgId, id, true);
      if (before.deleted_at === null) {
        throw new ApiError('incident.not_deleted');
      }
      requireVersion(ifMatch, before.version);
      await requireFreeKey(tx, caller, before);
      const stamp = await stampOf(tx, caller, before);
      const after = await incidentStore(tx, orgId).restore(id, stamp);
      tx.later(insertEvent(orgId, { ...eventOf(before, stamp), type: 'restored' }));
      record(auditEntry('incident.restored', after, { at: stamp.at, after }));
      return after;
    });
  }

  /** The incident, wherever in the caller's organizations, with the route's permission granted on it. */
  async authorized(caller: Caller, id: string, isDeletedIncluded?: boolean): Promise<Incident> {
    const incident = await locate(this.#db, caller, { kind: 'incident', id }, (within, orgId) =>
      incidentStore(within, orgId).find(id, isDeletedIncluded),
    );
    caller.authorize({ orgId: incident.org_id, teamId: incident.team_id });
    return incident;
  }
}

const selectionOf = (incident: Incident, fields: readonly (keyof Incident)[]): IncidentSelection =>
  Object.fromEntries(fields.map((name) => [name, incident[name]]));

/** The incident that has the key, if any; 409 where the caller may not read it. */
async function readableFirst(
  tx: Transaction,
  caller: Caller,
  orgId: string,
  key: string | null | undefined,
): Promise<Incident | undefined> {
  const first = key == null ? undefined : await incidentStore(tx, orgId).byIdempotencyKey(key);
  if (first !== undefined && teamRoleOf(caller.principal, orgId, first.team_id) === undefined) {
    throw new ApiError('incident.idempotency_conflict');
  }
  return first;
}

/** The times of an incident that is made; none where it begins open and nobody's, which its columns say by themselves. */
async function timesOfNew(
  tx: Transaction,
  { status = 'open', assigned_to = null }: NewIncident,
): Promise<Partial<IncidentTimes>> {
  const isAssigned = assigned_to !== null;
  if (status === 'open' && !isAssigned) {
    return {};
  }
  const now = await tx.startedAt();
  return timesAfter({ ...untouched, created_at: now, status: 'open' }, { status, isAssigned }, now);
}

/** 409 where a deleted incident's key was used again: names the other one to whoever may read it. */
async function requireFreeKey(tx: Transaction, caller: Caller, deleted: Incident): Promise<void> {
  const { org_id: orgId, idempotency_key: key } = deleted;
  const other = key === null ? undefined : await incidentStore(tx, orgId).byIdempotencyKey(key);
  if (other !== undefined) {
    const isReadable = teamRoleOf(caller.principal, orgId, other.team_id) !== undefined;
    throw new ApiError('incident.idempotency_key_reused', {
      detail: isReadable
        ? `Incident ${other.id} was made with the idempotency_key of this one since it was deleted; delete that one first`
        : 'An incident of a team that you are not in was made with the idempotency_key of this one since it was deleted; ask an admin of the organization to delete that one first',
    });
  }
}

async function requireAssignable(
  tx: Transaction,
  orgId: string,
  userId: string | null | undefined,
): Promise<void> {
  if (userId != null && !(await incidentStore(tx, orgId).isAssignable(userId))) {
    throw new ApiError('incident.assignee_invalid', {
      faults: [{ pointer: '/assigned_to', message: 'must be an active user of this organization' }],
    });
  }
}
