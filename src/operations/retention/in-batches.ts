import { Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import type { Sql } from '../../platform/database/sql.ts';

const batchMax = 500;

/** What a batch removed, and where it ended: the next one begins there, and does not step over what is gone already. */
const Batch = Type.Object({ removed: Type.Number(), last: Type.Union([Type.String(), Type.Null()]) });

/** A statement that removes so many rows at most from a place on, and answers `removed` and `last`. */
export type Removal = (most: number, from: string | null) => Sql;

/**
 * Removes rows of an organization until fewer are found than were asked for: each time in a transaction of its own, so that its locks, which nobody waits
 * for, are soon gone, and vacuum is not kept from its work. Answers how many they were.
 */
export async function inBatches(db: Database, orgId: string, removal: Removal): Promise<number> {
  let total = 0;
  let from: string | null = null;
  for (let isMore = true; isMore; ) {
    const { removed, last }: { removed: number; last: string | null } = await db.transaction(
      { orgId },
      (tx) => tx.one(Batch, removal(batchMax, from)),
    );
    total += removed;
    isMore = removed === batchMax;
    from = last;
  }
  return total;
}
