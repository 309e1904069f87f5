import type { Batch } from './send-batch.ts';
import type { StatementResult } from './statement-batch.ts';

/** Servers beside the primary that answer reads. */
export interface ReadServers {
  /**
   * Reads there what the request at hand asks for, as fresh as the request wants it; undefined where the primary is to be asked. Rejects with what the
   * primary would say as well: a fault of the statement.
   * @param isSlow whether it may take its time, and so a connection of its own
   */
  read(batch: Batch, isSlow: boolean): Promise<readonly StatementResult[] | undefined>;
}
