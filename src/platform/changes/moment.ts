import { Type } from 'typebox';
import type { AuditEntry } from '../audit/audit-entry.ts';
import type { Queryable } from '../database/queryable.ts';
import { sql } from '../database/sql.ts';
import { Timestamp } from '../schemas/common-schemas.ts';

const Moment = Type.Object({ at: Timestamp });

/** Who changes a row, and when. */
export interface Stamp {
  readonly by: string;
  readonly at: string;
}

/**
 * The time of a change to a resource: the database's clock, but later by a millisecond at least than `since` (the row's
 * `updated_at`, where it has one) and than every change to the resource that its audit trail knows. RFC 3339, milliseconds. It is
 * the one time for everything that the change writes, so that all of it sorts in the order in which changes took effect; what a
 * resource is made with is its `created_at`. See docs/adr/0026-the-order-of-changes.md.
 *
 * Only for who holds the lock on the resource's row. @NOTE a statement of its own, after the one that waits for the lock: under
 * READ COMMITTED a statement sees what was committed before it began, and the clock of one that waits may be read before it waits.
 */
export async function momentOf(
  tx: Queryable,
  orgId: string,
  resource: Pick<AuditEntry, 'resourceType' | 'resourceId'>,
  since?: string,
): Promise<string> {
  const { at } = await tx.one(
    Moment,
    sql`select greatest(
          date_trunc('milliseconds', clock_timestamp()),
          ${since ?? null}::timestamptz + interval '1 ms',
          (select max(occurred_at) + interval '1 ms' from audit_events
           where org_id = ${orgId} and resource_type = ${resource.resourceType} and resource_id = ${resource.resourceId})
        ) as at`,
  );
  return at;
}
