import { Type } from 'typebox';
import { operator } from '../../platform/audit/audit-entry.ts';
import { beginningOf } from '../../platform/audit/beginning.ts';
import {
  type Checkpoint,
  type CheckpointKeys,
  type IsOurs,
  isSigned,
} from '../../platform/audit/checkpoint.ts';
import { verifyChain } from '../../platform/audit/verify-chain.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { inBatches, type Removal } from './in-batches.ts';

/** What was removed from the audit trail of an organization, or would be. */
export interface AuditPruning {
  readonly orgId: string;
  /** How many entries. */
  readonly entries: number;
  /** Up to which place, signed; null where nothing is old enough, and where it is only looked at. */
  readonly checkpoint: Checkpoint | null;
  /** The first place that does not hold what was sealed there: nothing was removed. Null where there is none. */
  readonly firstBadSeq: number | null;
}

interface PruneOptions {
  /** RFC 3339: what was recorded earlier goes. */
  readonly before: string;
  readonly keys: CheckpointKeys;
  readonly isDryRun: boolean;
  /** Whether entries go that are not what was sealed, too. */
  readonly despiteFault?: boolean;
  /** An earlier key of the service, which may have signed where the chain begins. */
  readonly keyId?: string | undefined;
}

const Batch = Type.Object({ removed: Type.Number(), last: Type.Union([Type.String(), Type.Null()]) });
const End = Type.Object({
  seq: Type.Number(),
  /** Null where nothing stands at that place. */
  hash: Type.Union([Type.String(), Type.Null()]),
  entries: Type.Number(),
});

/**
 * Removes the entries of an organization that were recorded before a moment, from the beginning of their chain on. First they are compared with
 * the chain; then it is written down that the chain begins behind them, with a checkpoint that is signed and an entry that tells of it; then they go, a few
 * at a time, so that nobody waits. What was cut off is gone on with.
 */
export async function pruneAuditTrail(
  db: Database,
  orgId: string,
  { before, keys, isDryRun, despiteFault = false, keyId }: PruneOptions,
): Promise<AuditPruning> {
  const within = db.within({ orgId });
  const isOurs: IsOurs = (signed, kind) =>
    keys.hasSigned(signed, kind) || (signed.key_id === keyId && isSigned(signed, kind));
  const end = await endOf(within, orgId, before);
  const verdict = await verifyChain(within, orgId, { isOurs, upTo: end.seq });
  const firstBadSeq = verdict.isOk ? null : (verdict.firstBadSeq ?? end.seq);
  const found = { orgId, entries: end.entries, checkpoint: null, firstBadSeq };
  if (isDryRun || (firstBadSeq !== null && !despiteFault)) {
    return found;
  }
  const { seq, hash } = end;
  if (hash === null) {
    throw new OperationError(
      `The audit trail of ${orgId} has nothing at place ${seq}, so it cannot begin behind it: name another moment`,
    );
  }
  const isNew = end.entries > 0;
  const checkpoint = isNew ? keys.sign({ organization_id: orgId, seq, hash }, new Date(), 'pruning') : null;
  if (checkpoint !== null) {
    await begin(db, checkpoint, { entries: end.entries, before, firstBadSeq });
  } else {
    await signAnew(db, orgId, keys, isOurs);
  }
  await inBatches(db, orgId, removal(orgId));
  return { ...found, checkpoint };
}

/** The last place of those that are all older. */
const endOf = (within: Queryable, orgId: string, before: string) =>
  within.one(
    End,
    sql`with chain as (
          select c.pruned_seq, c.pruned_hash, c.seq from audit_chains c where c.org_id = ${orgId}
          union all
          select 0, decode(repeat('00', 32), 'hex'), 0 where not exists (select from audit_chains c where c.org_id = ${orgId})
        ), last as (
          select coalesce((
            select l.seq from audit_links l left join audit_events e on e.org_id = l.org_id and e.id = l.event_id
            where l.org_id = ${orgId} and l.seq > chain.pruned_seq and coalesce(l.recorded_at, e.occurred_at) >= ${before}::timestamptz
            order by l.seq limit 1), chain.seq + 1) - 1 as seq
          from chain
        )
        select last.seq::float8 as seq, (last.seq - chain.pruned_seq)::float8 as entries,
          encode(case when last.seq = chain.pruned_seq then chain.pruned_hash
                 else (select l.hash from audit_links l where l.org_id = ${orgId} and l.seq = last.seq) end, 'hex') as hash
        from chain, last`,
  );

/** From here on the chain begins behind the checkpoint. */
async function begin(
  db: Database,
  { organization_id: orgId, ...checkpoint }: Checkpoint,
  details: { readonly entries: number; readonly before: string; readonly firstBadSeq: number | null },
): Promise<void> {
  await changeBy(db, operator, orgId, async (tx, record) => {
    const { seq, hash, signed_at, key_id, public_key, signature } = checkpoint;
    const moved = await tx.run(
      sql`update audit_chains set pruned_seq = ${seq}, pruned_hash = decode(${hash}, 'hex') where org_id = ${orgId} and pruned_seq < ${seq}`,
    );
    if (moved === 0) {
      throw new OperationError(`Somebody else removes entries of the audit trail of ${orgId} just now`);
    }
    await tx.run(
      sql`insert into audit_prunings (org_id, seq, hash, signed_at, key_id, public_key, signature)
          values (${orgId}, ${seq}, decode(${hash}, 'hex'), ${signed_at}, ${key_id}, ${public_key}, ${signature})
          on conflict (org_id) do update set seq = excluded.seq, hash = excluded.hash, signed_at = excluded.signed_at,
            key_id = excluded.key_id, public_key = excluded.public_key, signature = excluded.signature`,
    );
    const resource = { resourceType: 'organization', resourceId: orgId };
    const after = {
      through_seq: seq,
      hash,
      entries: details.entries,
      recorded_before: details.before,
      key_id,
      ...(details.firstBadSeq === null ? {} : { first_bad_seq: details.firstBadSeq }),
    };
    record({ ...resource, at: await momentOf(tx, orgId, resource), action: 'audit_trail.pruned', after });
  });
}

/** With the key of today, where one of before signed the checkpoint: while both are known. */
async function signAnew(db: Database, orgId: string, keys: CheckpointKeys, isOurs: IsOurs): Promise<void> {
  const { pruning } = await beginningOf(db.within({ orgId }), orgId);
  if (pruning === null || !isOurs(pruning, 'pruning') || pruning.key_id === keys.published()[0]?.kid) {
    return;
  }
  const { signed_at, key_id, public_key, signature } = keys.sign(pruning, new Date(), 'pruning');
  await db.within({ orgId }).run(
    sql`update audit_prunings set signed_at = ${signed_at}, key_id = ${key_id}, public_key = ${public_key}, signature = ${signature}
        where org_id = ${orgId} and seq = ${pruning.seq}`,
  );
}

/** @NOTE an entry and its link in one statement: whoever counts both sees both or neither. */
const removal =
  (orgId: string): Removal =>
  (tx, most, from) =>
    tx.one(
      Batch,
      sql`
    with old as materialized (
      select l.event_id, l.seq from audit_links l join audit_chains c on c.org_id = l.org_id
      where l.org_id = ${orgId} and l.seq <= c.pruned_seq and l.seq > ${from ?? '0'}::bigint order by l.seq limit ${most}
    ), entries as (
      delete from audit_events e using old where e.org_id = ${orgId} and e.id = old.event_id
    ), erasures as (
      delete from audit_erasures x using old where x.org_id = ${orgId} and x.event_id = old.event_id
    ), links as (
      delete from audit_links l using old where l.org_id = ${orgId} and l.event_id = old.event_id
    )
    select count(*)::float8 as removed, max(seq)::text as last from old`,
    );
