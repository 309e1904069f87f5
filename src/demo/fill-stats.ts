import type { Transaction } from '../platform/database/transaction.ts';
import { bulkInsert } from './bulk-insert.ts';
import type { Cast } from './cast.ts';
import type { FillOptions } from './fill-options.ts';
import type { IncidentTally } from './incident-tally.ts';
import type { Random } from './random.ts';
import { statsRows } from './stats-rows.ts';

const batchLength = 5_000;

/** Puts in measured values; answers how many. */
export async function fillStats(
  tx: Transaction,
  random: Random,
  cast: Cast,
  { tally, now, onProgress }: { readonly tally: IncidentTally } & Pick<FillOptions, 'now' | 'onProgress'>,
): Promise<number> {
  const rows = [...statsRows(random, cast, tally, now)];
  for (let done = 0; done < rows.length; done += batchLength) {
    await bulkInsert(tx, 'stats', rows.slice(done, done + batchLength));
    onProgress('measured values', Math.min(done + batchLength, rows.length), rows.length);
  }
  return rows.length;
}
