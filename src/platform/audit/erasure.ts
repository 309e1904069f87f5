import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Type } from 'typebox';
import { type Sql, sql } from '../database/sql.ts';
import type { Checkpoint, IsOurs } from './checkpoint.ts';

/**
 * Says that an entry is not what was sealed since the operator erased what named a person: its place and the hash of its link, which stay, and what it says since, signed
 * (docs/adr/0052-erasure.md).
 */
export interface Erasure extends Checkpoint {
  /** SHA-256 of the entry as it is, in hexadecimal digits. */
  readonly entry_hash: string;
}

/** An erasure `x` of the link `l`, as JSON. */
export const erasureObject: Sql = sql`jsonb_build_object(
  'organization_id', x.org_id, 'seq', x.seq, 'hash', encode(l.hash, 'hex'), 'entry_hash', encode(x.entry_hash, 'hex'),
  'signed_at', audit_time(x.signed_at), 'key_id', x.key_id, 'public_key', x.public_key, 'signature', x.signature)`;

export const ErasureRow = Type.Object({
  organization_id: Type.String(),
  seq: Type.Number(),
  hash: Type.String(),
  entry_hash: Type.String(),
  signed_at: Type.String(),
  key_id: Type.String(),
  public_key: Type.String(),
  signature: Type.String(),
});

export const entryHash = (entry: string): string => createHash('sha256').update(entry).digest('hex');

/** How many signatures are looked at before others have their turn. */
const atOnce = 20;

/** The first of these places whose erasure `isOurs` does not know; undefined where there is none. */
export async function firstUnsigned(
  erasures: readonly Erasure[],
  isOurs: IsOurs,
): Promise<number | undefined> {
  for (const [index, erasure] of erasures.entries()) {
    if (index % atOnce === atOnce - 1) {
      await setImmediate();
    }
    if (!isOurs(erasure, 'erasure')) {
      return erasure.seq;
    }
  }
  return undefined;
}
