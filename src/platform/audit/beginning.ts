import { Type } from 'typebox';
import type { Queryable } from '../database/queryable.ts';
import { sql } from '../database/sql.ts';
import type { Checkpoint, IsOurs } from './checkpoint.ts';

/** Where a chain begins: behind the place up to which entries were removed by the operator. */
export interface Beginning {
  /** 0 where none were. */
  readonly seq: number;
  /** In hexadecimal digits; 64 zeros where none were. */
  readonly hash: string;
  /** The checkpoint up to which entries were removed; null where none were. */
  readonly pruning: Checkpoint | null;
}

const text = Type.Union([Type.String(), Type.Null()]);
const Row = Type.Object({
  pruned_seq: Type.Number(),
  pruned_hash: Type.String(),
  seq: Type.Union([Type.Number(), Type.Null()]),
  hash: text,
  signed_at: text,
  key_id: text,
  public_key: text,
  signature: text,
});

/** @NOTE one statement: both are written in one transaction. */
export async function beginningOf(within: Queryable, orgId: string): Promise<Beginning> {
  const row = await within.maybe(
    Row,
    sql`select c.pruned_seq::float8 as pruned_seq, encode(c.pruned_hash, 'hex') as pruned_hash, p.seq::float8 as seq,
          encode(p.hash, 'hex') as hash, audit_time(p.signed_at) as signed_at, p.key_id, p.public_key, p.signature
        from audit_chains c left join audit_prunings p on p.org_id = c.org_id where c.org_id = ${orgId}`,
  );
  if (row === undefined) {
    return { seq: 0, hash: '0'.repeat(64), pruning: null };
  }
  const { pruned_seq, pruned_hash, seq, hash, signed_at, key_id, public_key, signature } = row;
  return {
    seq: pruned_seq,
    hash: pruned_hash,
    pruning:
      seq === null ||
      hash === null ||
      signed_at === null ||
      key_id === null ||
      public_key === null ||
      signature === null
        ? null
        : { organization_id: orgId, seq, hash, signed_at, key_id, public_key, signature },
  };
}

/** Whether a chain may begin there: at its first entry, or behind a checkpoint that the service has signed when it removed what was before. */
export const isBeginningOf = ({ seq, hash, pruning }: Beginning, isOurs: IsOurs = () => false): boolean =>
  seq === 0
    ? pruning === null && /^0{64}$/.test(hash)
    : pruning !== null && pruning.seq === seq && pruning.hash === hash && isOurs(pruning, 'pruning');
