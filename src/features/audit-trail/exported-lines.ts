import { type Static, Type } from 'typebox';
import { erasureObject } from '../../platform/audit/erasure.ts';
import { exportLine } from '../../platform/audit/export-line.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';

const Line = Type.Object({
  seq: Type.Number(),
  previous: Type.String(),
  hash: Type.String(),
  recorded_at: Type.Union([Type.String(), Type.Null()]),
  erasure: Type.Union([Type.String(), Type.Null()]),
  entry: Type.String(),
});
const MeasuredLine = measuredRow(Line);

const linesAtOnce = 200;
const Beginning = Type.Object({ pruned: Type.Number() });
type MeasuredLine = Static<typeof MeasuredLine>;

/**
 * The entries of a trail behind a place and up to another one, as lines of NDJSON, many at once; the first are read when it resolves. The generator throws where the
 * operator removes what it has not read yet. @NOTE the next ones are read when these were taken: memory does not grow with the trail.
 */
export async function exportedLines(
  within: Queryable,
  orgId: string,
  { after, until }: { readonly after: number; readonly until: number },
): Promise<AsyncGenerator<string>> {
  const first = await linesBetween(within, orgId, after, until);
  return linesFrom(first, async (seq) => {
    const lines = await linesBetween(within, orgId, seq, until);
    // @NOTE after they are read: who removes entries says so first.
    await requireKept(within, orgId, seq);
    return lines;
  });
}

/** Throws where entries behind a place were removed by the operator: an export would have a gap, as if somebody had tampered with the trail. */
async function requireKept(within: Queryable, orgId: string, seq: number): Promise<void> {
  const beginning = await within.maybe(
    Beginning,
    sql`select pruned_seq::float8 as pruned from audit_chains where org_id = ${orgId}`,
  );
  if ((beginning?.pruned ?? 0) > seq) {
    throw new Error(`the audit trail of ${orgId} was pruned beyond ${seq} while it was exported`);
  }
}

const linesBetween = (
  within: Queryable,
  orgId: string,
  after: number,
  until: number,
): Promise<MeasuredLine[]> =>
  within.many(
    MeasuredLine,
    withinPageBytes(
      sql`select l.seq::float8 as seq, encode(coalesce(before.hash, c.pruned_hash), 'hex') as previous, encode(l.hash, 'hex') as hash,
            audit_time(l.recorded_at) as recorded_at, case when x.seq is not null then ${erasureObject}::text end as erasure, audit_entry_text(e) as entry
          from audit_links l
          join audit_chains c on c.org_id = l.org_id
          join audit_events e on e.org_id = l.org_id and e.id = l.event_id
          left join audit_erasures x on x.org_id = l.org_id and x.event_id = l.event_id
          left join audit_links before on before.org_id = l.org_id and before.seq = l.seq - 1
          where l.org_id = ${orgId} and l.seq > greatest(${after}::bigint, c.pruned_seq) and l.seq <= ${until} order by l.seq limit ${linesAtOnce}`,
      [sql`entry`],
    ),
  );

async function* linesFrom(
  first: readonly MeasuredLine[],
  next: (seq: number) => Promise<readonly MeasuredLine[]>,
): AsyncGenerator<string> {
  for (let batch = first; batch.length > 0; ) {
    yield batch.map(exportLine).join('');
    batch = await next(batch.at(-1)?.seq ?? 0);
  }
}
