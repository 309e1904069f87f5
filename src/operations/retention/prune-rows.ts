import { Type } from 'typebox';
import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import { operator } from '../../platform/audit/audit-entry.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import { type Sql, sql } from '../../platform/database/sql.ts';
import { inBatches, type Removal } from './in-batches.ts';

const Count = Type.Object({ n: Type.Number() });
const Batch = Type.Object({ removed: Type.Number(), last: Type.Union([Type.String(), Type.Null()]) });
const Over = Type.Object({ id: Type.String() });

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
  removal: (orgId, before) => (tx, most, from) =>
    tx.one(
      Batch,
      sql`
    with old as materialized (
      select id, "timestamp" from stats
      where org_id = ${orgId} and "timestamp" < ${before}::timestamptz and "timestamp" >= ${from ?? '-infinity'}::timestamptz
      order by "timestamp" limit ${most} for update skip locked
    ), gone as (delete from stats s using old where s.org_id = ${orgId} and s.id = old.id)
    select count(*)::float8 as removed, max("timestamp")::text as last from old`,
    ),
};

/** @NOTE a comment leaves the incident's `updated_at` as it was. */
const isUntouchedSince = (before: string): Sql => sql`i.updated_at < ${before}::timestamptz and not exists (
  select from incident_events later
  where later.org_id = i.org_id and later.incident_id = i.id and later.created_at >= ${before}::timestamptz)`;

/** How many incidents are looked at for one batch. */
const incidentsMax = 100;

/**
 * The timelines of incidents that are closed, cancelled or deleted, and were not touched since, nor commented on; the incidents stay. A timeline goes as
 * a whole or not at all: its incident is locked, so that nobody reopens it or comments meanwhile, and one that somebody is at work on is left.
 */
const timelines: Kind = {
  action: 'incident.timelines_pruned',
  count: (orgId, before) =>
    sql`select count(*)::float8 as n from incident_events e join incidents i on i.org_id = e.org_id and i.id = e.incident_id
        where e.org_id = ${orgId} and ${isOver} and ${isUntouchedSince(before)}`,
  removal: (orgId, before) => async (tx, most, from) => {
    const found = await tx.many(
      Over,
      sql`select i.id from incidents i
          where i.org_id = ${orgId} and i.id > ${from ?? '00000000-0000-0000-0000-000000000000'}::uuid
            and ${isOver} and ${isUntouchedSince(before)}
            and exists (select from incident_events e where e.org_id = i.org_id and e.incident_id = i.id)
          order by i.id limit ${incidentsMax} for update skip locked`,
    );
    // @NOTE another statement, which sees what was committed before the locks were there.
    return await tx.one(
      Batch,
      sql`with weighed as (
            select i.id, sum(count(*)) over (order by i.id) - count(*) as before_it
            from incidents i join incident_events e on e.org_id = i.org_id and e.incident_id = i.id
            where i.org_id = ${orgId} and i.id = any(${found.map(({ id }) => id)}::uuid[]) and ${isOver} and ${isUntouchedSince(before)}
            group by i.id
          ), old as materialized (select id from weighed where before_it < ${most}), gone as (
            delete from incident_events e using old where e.org_id = ${orgId} and e.incident_id = old.id returning 1
          )
          select (select count(*) from gone)::float8 as removed,
            coalesce((select max(id::text) from old), ${found.at(-1)?.id ?? null}) as last`,
    );
  },
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
