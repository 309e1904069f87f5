import { Type } from 'typebox';
import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import { operator } from '../../platform/audit/audit-entry.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { type Sql, sql } from '../../platform/database/sql.ts';
import { inBatches, type Removal } from './in-batches.ts';

const Count = Type.Object({ n: Type.Number() });

/** Rows of an organization of which the old ones go. */
interface Kind {
  readonly action: AuditAction;
  readonly count: (orgId: string, before: string) => Sql;
  readonly removal: (orgId: string, before: string) => Removal;
}

const isOver = sql`(i.status in ('closed', 'cancelled') or i.deleted_at is not null)`;

/** By the time that they were measured. */
const stats: Kind = {
  action: 'stats.pruned',
  count: (orgId, before) =>
    sql`select count(*)::float8 as n from stats where org_id = ${orgId} and "timestamp" < ${before}::timestamptz`,
  removal: (orgId, before) => (most, from) =>
    sql`
    with old as materialized (
      select id, "timestamp" from stats
      where org_id = ${orgId} and "timestamp" < ${before}::timestamptz and "timestamp" >= ${from ?? '-infinity'}::timestamptz
      order by "timestamp" limit ${most} for update skip locked
    ), gone as (delete from stats s using old where s.org_id = ${orgId} and s.id = old.id)
    select count(*)::float8 as removed, max("timestamp")::text as last from old`,
};

/** @NOTE a comment leaves the incident's `updated_at` as it was. */
const isUntouchedSince = (before: string): Sql => sql`i.updated_at < ${before}::timestamptz and not exists (
  select from incident_events later
  where later.org_id = i.org_id and later.incident_id = i.id and later.created_at >= ${before}::timestamptz)`;

/** The timelines of incidents that are closed, cancelled or deleted, and were not touched since, nor commented on; the incidents stay. */
const timelines: Kind = {
  action: 'incident.timelines_pruned',
  count: (orgId, before) =>
    sql`select count(*)::float8 as n from incident_events e join incidents i on i.org_id = e.org_id and i.id = e.incident_id
        where e.org_id = ${orgId} and ${isOver} and ${isUntouchedSince(before)}`,
  removal: (orgId, before) => (most, from) =>
    sql`
    with old as materialized (
      select e.incident_id, e.id from incident_events e join incidents i on i.org_id = e.org_id and i.id = e.incident_id
      where e.org_id = ${orgId} and e.incident_id >= ${from ?? '00000000-0000-0000-0000-000000000000'}::uuid
        and ${isOver} and ${isUntouchedSince(before)}
      order by e.incident_id limit ${most}
    ), gone as (
      delete from incident_events e using old where e.org_id = ${orgId} and e.incident_id = old.incident_id and e.id = old.id
    )
    select count(*)::float8 as removed, max(incident_id::text) as last from old`,
};

const kinds = { stats, timelines };

/**
 * Removes rows of an organization that are older than a moment, RFC 3339, after an entry of the audit trail that tells of it; nothing where it is a
 * dry run. Answers how many they are.
 */
export async function pruneRows(
  db: Database,
  orgId: string,
  kind: keyof typeof kinds,
  { before, isDryRun }: { readonly before: string; readonly isDryRun: boolean },
): Promise<number> {
  const { action, count, removal } = kinds[kind];
  const { n } = await db.within({ orgId }).one(Count, count(orgId, before));
  if (isDryRun || n === 0) {
    return n;
  }
  await changeBy(db, operator, orgId, async (tx, record) => {
    const resource = { resourceType: 'organization', resourceId: orgId };
    record({ ...resource, at: await momentOf(tx, orgId, resource), action, after: { before, rows: n } });
  });
  return await inBatches(db, orgId, removal(orgId, before));
}
