import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';

/** About how many rows a batch removes. */
const batchMax = 500;

/** What a batch removed, and where it ended: the next one begins there, and does not step over what is gone already. */
export interface Batch {
  readonly removed: number;
  /** Null where it found nothing: it was the last. */
  readonly last: string | null;
}

/** Removes about so many rows, from a place on. */
export type Removal = (tx: Transaction, most: number, from: string | null) => Promise<Batch>;

/**
 * Removes rows of an organization until none is found: each batch in a transaction of its own, so that its locks, which nobody waits for long, are
 * soon gone, and vacuum is not kept from its work. Answers how many they were.
 */
export async function inBatches(db: Database, orgId: string, removal: Removal): Promise<number> {
  let total = 0;
  let from: string | null = null;
  do {
    const { removed, last }: Batch = await db.transaction({ orgId }, (tx) => removal(tx, batchMax, from));
    total += removed;
    from = last;
  } while (from !== null);
  return total;
}
