import { v7 as uuidv7 } from 'uuid';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { insertion, type Sql, sql } from '../../platform/database/sql.ts';
import { IncidentEvent } from './incident-schemas.ts';

const MeasuredIncidentEvent = measuredRow(IncidentEvent);

const columns = sql`id, org_id, incident_id, type, actor_id, comment, changes, created_at`;

/** The timelines of an organization's incidents, within the tenant's scope of `db`. */
export const eventStore = (db: Queryable, orgId: string) => ({
  add: (event: {
    incident_id: string;
    type: IncidentEvent['type'];
    actor_id: string;
    created_at: string;
    comment?: string;
    changes?: object;
  }): Promise<IncidentEvent> =>
    db.one(
      IncidentEvent,
      sql`insert into incident_events ${insertion({
        ...event,
        org_id: orgId,
        id: uuidv7(),
        changes: JSON.stringify(event.changes ?? {}),
      })} returning ${columns}`,
    ),

  page: (incidentId: string, rest: Sql): Promise<IncidentEvent[]> =>
    db.many(
      MeasuredIncidentEvent,
      withinPageBytes(
        sql`select ${columns} from incident_events where org_id = ${orgId} and incident_id = ${incidentId} ${rest}`,
        [sql`changes`, sql`comment`],
      ),
    ),
});
