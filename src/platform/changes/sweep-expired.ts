import type { Database } from '../database/database.ts';
import { type Sql, sql } from '../database/sql.ts';

const batchMax = 500;
const batchesMax = 20;

/** @NOTE rows are skipped that another instance removes just now, and locked in no order: nobody waits for anybody. */
const statements: readonly Sql[] = [
  sql`delete from idempotency_keys where ctid = any(array(
        select ctid from idempotency_keys where expires_at <= now() order by expires_at limit ${batchMax} for update skip locked))`,
  sql`delete from sessions where ctid = any(array(
        select ctid from sessions where expires_at <= now() order by expires_at limit ${batchMax} for update skip locked))`,
  sql`delete from login_attempts where ctid = any(array(
        select ctid from login_attempts
        where expires_at <= now() and (consecutive = 0 or expires_at <= now() - interval '30 days')
        order by expires_at limit ${batchMax} for update skip locked))`,
  sql`delete from mail_tokens where ctid = any(array(
        select ctid from mail_tokens where expires_at <= now() order by expires_at limit ${batchMax} for update skip locked))`,
  // @NOTE where there is a mail server its sender comes first, and counts them.
  sql`delete from mails where ctid = any(array(
        select ctid from mails where expires_at <= now() order by expires_at limit ${batchMax} for update skip locked))`,
];

/** Removes kept replies, sessions, mails and their tokens, and counters of attempts that have expired, whosever they are, in batches of a transaction each; answers how many. */
export async function sweepExpired(db: Database): Promise<number> {
  let swept = 0;
  for (const statement of statements) {
    for (let batch = 0, removed = batchMax; removed === batchMax && batch < batchesMax; batch += 1) {
      removed = await db.transaction({}, async (tx) => {
        await tx.run(
          sql`select set_config('app.sweep', 'yes', true), set_config('app.delivery', 'yes', true)`,
        );
        return await tx.run(statement);
      });
      swept += removed;
    }
  }
  return swept;
}
