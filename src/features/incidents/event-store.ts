import { v7 as uuidv7 } from 'uuid';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, type Sql, sql } from '../../platform/database/sql.ts';
import { IncidentEvent } from './incident-schemas.ts';

const MeasuredIncidentEvent = measuredRow(IncidentEvent);

const columns = sql`id, org_id, incident_id, type, actor_id, comment, changes, created_at`;

interface NewEvent {
  readonly incident_id: string;
  readonly type: IncidentEvent['type'];
  readonly actor_id: string;
  readonly created_at: string;
  readonly comment?: string;
  readonly changes?: object;
}

/** The statement that adds an event to the timeline of an incident. */
export const insertEvent = (orgId: string, event: NewEvent): Sql =>
  sql`insert into incident_events ${insertion({
    ...event,
    org_id: orgId,
    id: uuidv7(),
    changes: JSON.stringify(event.changes ?? {}),
  })}`;

/** The timelines of an organization's incidents, within the tenant's scope of `db`. */
export const eventStore = (db: Queryable, orgId: string) => ({
  add: (event: NewEvent): Promise<IncidentEvent> =>
    db.one(IncidentEvent, sql`${insertEvent(orgId, event)} returning ${columns}`),

  page: (incidentId: string, rest: Sql): Promise<IncidentEvent[]> =>
    db.many(
      MeasuredIncidentEvent,
      withinPageBytes(
        sql`select ${columns} from incident_events where org_id = ${orgId} and incident_id = ${incidentId} ${rest}`,
        [sql`changes`, sql`comment`],
      ),
    ),
});
