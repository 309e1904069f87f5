import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';

/**
 * Removes from the log of changes of access what a sweep before saw, and marks what it sees itself; answers how many were removed. @NOTE how long ago
 * something was committed nobody can say, but that it was there five minutes ago.
 */
export const sweepAccessLog = (db: Database): Promise<number> =>
  db.transaction({}, async (tx) => {
    const removed = await tx.run(
      sql`delete from access_changes where swept_at <= now() - interval '5 minutes'`,
    );
    await tx.run(sql`update access_changes set swept_at = now() where swept_at is null`);
    return removed;
  });
