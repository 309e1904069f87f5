import { type Static, Type } from 'typebox';
import type { Queryable } from '../database/queryable.ts';
import { sql } from '../database/sql.ts';
import { type Beginning, beginningOf, isBeginningOf } from './beginning.ts';
import type { Checkpoint, IsOurs } from './checkpoint.ts';
import { ErasureRow, erasureObject, firstUnsigned } from './erasure.ts';

const batchMax = 1_000;

const Bigint = Type.Number();
const Hash = Type.String();
const nullable = <Inner extends ReturnType<typeof Type.Number> | ReturnType<typeof Type.String>>(
  inner: Inner,
) => Type.Union([inner, Type.Null()]);

const Start = Type.Object({ seq: Bigint, hash: nullable(Hash) });
const Batch = Type.Object({
  links: Bigint,
  hash: nullable(Hash),
  first_bad: nullable(Bigint),
  /** Of those that are not what was sealed, but what is said to be left of it. */
  erasures: Type.Array(ErasureRow),
});
const End = Type.Object({
  head_seq: Bigint,
  head_hash: Hash,
  last_seq: Bigint,
  events: Bigint,
  links: Bigint,
});
const Loose = Type.Object({ id: Type.String() });

/** What was found of the chain of an organization. */
export interface ChainVerdict {
  readonly isOk: boolean;
  /** The first place that does not hold what was sealed there; null where there is none. */
  readonly firstBadSeq: number | null;
  /** An entry that has no link at all: nobody wrote it as the service does. */
  readonly unlinkedId: string | null;
  /** Up to which place it was looked at, and the hash there, in hexadecimal digits. */
  readonly seq: number;
  readonly hash: string;
  /** False where the time was up before the end. */
  readonly isComplete: boolean;
  /** Up to where entries were removed by the operator; null where none were. */
  readonly pruning: Checkpoint | null;
}

interface VerifyOptions {
  /** The place to begin behind, whose hash is believed. */
  readonly after?: number;
  /** The place to stop at. */
  readonly upTo?: number;
  /** `performance.now()` at which to stop. */
  readonly until?: number;
  /** By default nobody knows. */
  readonly isOurs?: IsOurs;
}

/**
 * Compares the entries of an organization with their chain, and the chain with itself, batch by batch. An entry must not have been recorded more
 * than an hour after the time that it names, either, unless it was there before the chain: who may write as the owner may date it back.
 * Where entries were removed from the beginning, the chain begins behind a checkpoint that the service has signed, or is not right there; and so an entry
 * from which something was erased says what the service has signed.
 */
export async function verifyChain(
  within: Queryable,
  orgId: string,
  options: VerifyOptions = {},
): Promise<ChainVerdict> {
  const beginning = await beginningOf(within, orgId);
  const verdict = await verifyFrom(beginning, within, orgId, options);
  // @NOTE entries may have been removed from the beginning meanwhile.
  return verdict.isOk || (await beginningOf(within, orgId)).seq === beginning.seq
    ? verdict
    : await verifyChain(within, orgId, options);
}

async function verifyFrom(
  beginning: Beginning,
  within: Queryable,
  orgId: string,
  {
    after = 0,
    upTo = Number.POSITIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    isOurs = () => false,
  }: VerifyOptions,
): Promise<ChainVerdict> {
  const isVouchedFor = isBeginningOf(beginning, isOurs);
  const start = after > beginning.seq && isVouchedFor ? await placeOf(within, orgId, after) : beginning;
  let { seq } = start;
  let hash = start.hash ?? '';
  const at = (verdict: Partial<ChainVerdict>): ChainVerdict => ({
    isOk: false,
    firstBadSeq: null,
    unlinkedId: null,
    seq,
    hash,
    isComplete: true,
    pruning: beginning.pruning,
    ...verdict,
  });
  if (start.hash === null || !isVouchedFor) {
    return at({ firstBadSeq: seq });
  }
  for (let isMore = true; isMore; ) {
    if (seq >= upTo || performance.now() > until) {
      return at({ isOk: true, isComplete: false });
    }
    const most = Math.min(batchMax, upTo - seq);
    const batch: Static<typeof Batch> = await within.one(Batch, batchStatement(orgId, seq, hash, most));
    const unsigned = await firstUnsigned(batch.erasures, isOurs);
    if (batch.first_bad !== null || unsigned !== undefined) {
      return at({
        firstBadSeq: Math.min(
          batch.first_bad ?? Number.POSITIVE_INFINITY,
          unsigned ?? Number.POSITIVE_INFINITY,
        ),
      });
    }
    isMore = batch.links === most;
    seq += batch.links;
    hash = batch.hash ?? hash;
  }
  const end = await within.maybe(End, endStatement(orgId));
  if (end === undefined) {
    return at(seq === 0 ? { isOk: true } : { firstBadSeq: 1 });
  }
  if (end.head_seq !== end.last_seq || end.head_seq < seq) {
    return at({ firstBadSeq: Math.min(end.head_seq, end.last_seq) + 1 });
  }
  if (end.head_seq === seq && end.head_hash !== hash) {
    return at({ firstBadSeq: seq });
  }
  if (end.events > end.links) {
    const loose = await within.maybe(
      Loose,
      sql`select id from audit_events e where org_id = ${orgId}
            and not exists (select from audit_links l where l.org_id = ${orgId} and l.event_id = e.id) order by id limit 1`,
    );
    return at({ isOk: loose === undefined, unlinkedId: loose?.id ?? null });
  }
  return at({ isOk: true });
}

/** The hash at a place; null where there is no such place. */
const placeOf = async (within: Queryable, orgId: string, seq: number) =>
  (await within.maybe(
    Start,
    sql`select seq::float8 as seq, encode(hash, 'hex') as hash from audit_links where org_id = ${orgId} and seq = ${seq}`,
  )) ?? { seq, hash: null };

const batchStatement = (orgId: string, after: number, hash: string, most: number) => sql`
  with batch as (
    select seq, hash, event_id, recorded_at from audit_links where org_id = ${orgId} and seq > ${after} order by seq limit ${most}
  ), judged as (
    select ${after}::bigint + row_number() over places as place, l.seq, l.hash,
      l.hash = audit_hash(coalesce(lag(l.hash) over places, decode(${hash}, 'hex')), l.seq, l.recorded_at, audit_entry_text(e)) as is_whole,
      l.recorded_at is null or e.occurred_at >= l.recorded_at - interval '1 hour' as is_in_time,
      case when x.seq = l.seq and x.entry_hash = sha256(convert_to(audit_entry_text(e), 'UTF8')) then ${erasureObject} end as erasure
    from batch l left join audit_events e on e.org_id = ${orgId} and e.id = l.event_id
    left join audit_erasures x on x.org_id = ${orgId} and x.event_id = l.event_id
    window places as (order by l.seq)
  )
  select count(*)::float8 as links, (array_agg(encode(hash, 'hex') order by seq desc))[1] as hash,
    (min(place) filter (where seq <> place or is_in_time is not true or (is_whole is not true and erasure is null)))::float8 as first_bad,
    coalesce(jsonb_agg(erasure order by seq) filter (where is_whole is not true and erasure is not null), '[]') as erasures
  from judged`;

/** @NOTE one statement: an entry and its link are committed together, and so are links and where the chain ends. */
const endStatement = (orgId: string) => sql`
  select c.seq::float8 as head_seq, encode(c.hash, 'hex') as head_hash,
    (select coalesce(max(seq), c.pruned_seq) from audit_links where org_id = ${orgId} and seq is not null)::float8 as last_seq,
    (select count(*) from audit_events where org_id = ${orgId})::float8 as events,
    (select count(*) from audit_links where org_id = ${orgId})::float8 as links
  from audit_chains c where c.org_id = ${orgId}`;
