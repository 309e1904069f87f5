import { Type } from 'typebox';
import type { AuditEntry } from '../audit/audit-entry.ts';
import type { Queryable } from '../database/queryable.ts';
import { sql } from '../database/sql.ts';
import { ApiError } from '../errors/api-error.ts';

/** What is small is always taken: an incident can be closed, and a configuration made smaller, whatever was before. */
const smallBytes = 16 * 1024;
/** What the history of one resource may take of the disk before only small changes are taken. */
const historyBytesMax = 64 * 1024 * 1024;

const History = Type.Object({ bytes: Type.Number() });

/**
 * Throws 409 `resource.history_full` for a change that leaves much, to a resource that has been changed so much that its audit trail
 * takes 64 MiB: each change keeps what was and what is, for good.
 */
export async function requireRoomInHistory(
  tx: Queryable,
  orgId: string,
  { resourceType, resourceId, after }: AuditEntry,
): Promise<void> {
  if (after == null || JSON.stringify(after).length <= smallBytes) {
    return;
  }
  const { bytes } = await tx.one(
    History,
    sql`select coalesce(sum(pg_column_size(before)), 0)::float8 + coalesce(sum(pg_column_size(after)), 0)::float8 as bytes
        from audit_events
        where org_id = ${orgId} and resource_type = ${resourceType} and resource_id = ${resourceId}`,
  );
  if (bytes > historyBytesMax) {
    throw new ApiError('resource.history_full');
  }
}
