import type { Caller } from '../../platform/auth/caller.ts';
import { change } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import { type Cursors, listName, newestFirst, type Page, paginate } from '../../platform/http/cursor.ts';
import { eventStore } from './event-store.ts';
import { auditEntry, eventOf, lockedIncident, stampOf } from './incident-change.ts';
import type { EventListQuery, IncidentEvent } from './incident-schemas.ts';
import type { IncidentService } from './incident-service.ts';

export interface TimelineServiceOptions {
  readonly db: Database;
  readonly cursors: Cursors;
  readonly incidents: IncidentService;
}

/** What happened to an incident, and what people say of it. */
export class TimelineService {
  readonly #options: TimelineServiceOptions;

  constructor(options: TimelineServiceOptions) {
    this.#options = options;
  }

  async list(caller: Caller, incidentId: string, query: EventListQuery): Promise<Page<IncidentEvent>> {
    const { db, cursors, incidents } = this.#options;
    const { org_id: orgId } = await incidents.authorized(caller, incidentId);
    const events = eventStore(db.read({ orgId }, true, caller), orgId);
    return await paginate<typeof IncidentEvent>({
      cursors,
      list: listName('incident-events', { incidentId }),
      query,
      key: newestFirst,
      positionOf: (event) => ({ at: event.created_at, id: event.id }),
      fetch: (rest) => events.page(incidentId, rest),
    });
  }

  async comment(caller: Caller, incidentId: string, comment: string): Promise<IncidentEvent> {
    const { db, incidents } = this.#options;
    const { org_id: orgId } = await incidents.authorized(caller, incidentId);
    return await change(db, caller, orgId, async (tx, record) => {
      const incident = await lockedIncident(tx, orgId, incidentId);
      const stamp = await stampOf(tx, caller, incident);
      const event = await eventStore(tx, orgId).add({
        ...eventOf(incident, stamp),
        type: 'commented',
        comment,
      });
      record(auditEntry('incident.commented', incident, { at: stamp.at, after: event }));
      return event;
    });
  }
}
