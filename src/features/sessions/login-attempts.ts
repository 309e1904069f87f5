import { Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';

const Taken = Type.Object({ wait_seconds: Type.Integer(), is_known: Type.Boolean() });
const Forgotten = Type.Object({ done: Type.Boolean() });

/**
 * Every way in that checks a password goes through here. Attempts are counted before the work, by all instances together, per
 * account, per network (an IPv4 address, or the first 64 bits of an IPv6 one) and for both: see migrations/0023-login-attempts.sql and
 * docs/adr/0034-brute-force.md. Accounts that do not exist are counted alike.
 */
export class LoginAttempts {
  readonly #db: Database;
  readonly #onThrottled: () => void;

  constructor({ db, onThrottled }: { readonly db: Database; readonly onThrottled: () => void }) {
    this.#db = db;
    this.#onThrottled = onThrottled;
  }

  /**
   * Answers what `isRight` does, which is asked only where an attempt is left, and told whether the account was logged in to from there before;
   * else throws 429 `auth.throttled` with Retry-After. An attempt that ends with an error counts as failed, but for one that was refused before the
   * password was looked at: a storm of logins would lock out those whom it keeps waiting.
   */
  async attempt(
    account: string,
    address: string,
    isRight: (isKnown: boolean) => Promise<boolean>,
  ): Promise<boolean> {
    const network = clientNetwork(address);
    const { wait_seconds: seconds, is_known: isKnown } = await this.#db.within({}).one(
      Taken,
      sql`select take_login_attempt(${account}, ${network}) as wait_seconds,
                 exists (select from login_attempts where bucket = login_bucket('known', ${account}, ${network}) and expires_at > now()) as is_known`,
    );
    if (seconds > 0) {
      this.#onThrottled();
      throw new ApiError('auth.throttled', {
        retryAfterSeconds: seconds,
        why: 'too many attempts failed for this account, or from this network',
      });
    }
    const wasRight = await isRight(isKnown).catch(async (error: unknown) => {
      if (error instanceof ApiError && error.code === 'service.overloaded') {
        await this.#giveBack(account, network).catch(() => undefined);
      }
      throw error;
    });
    if (wasRight) {
      await this.#forget(account, network);
    }
    return wasRight;
  }

  /** @NOTE rows are locked in the order of take_login_attempt. */
  #giveBack(account: string, network: string): Promise<number> {
    return this.#db.within({}).run(
      sql`update login_attempts a set failures = greatest(0, failures - 1), consecutive = greatest(0, consecutive - 1), blocked_until = null
          from (
            select l.bucket from login_attempts l join (values
              (1, login_bucket('network', '', ${network})),
              (2, login_bucket('account', ${account}, '')),
              (3, login_bucket('both', ${account}, ${network}))
            ) as taken (turn, bucket) on taken.bucket = l.bucket order by taken.turn for update of l
          ) locked where a.bucket = locked.bucket`,
    );
  }

  /** In one round trip with what counts no more: nobody else takes it away. */
  async #forget(account: string, network: string): Promise<void> {
    const db = this.#db.within({});
    await Promise.all([
      db.one(Forgotten, sql`select forget_login_failures(${account}, ${network}) is null as done`),
      db.run(
        sql`delete from login_attempts where bucket in (
              select bucket from login_attempts
              where expires_at <= now() and (consecutive = 0 or expires_at <= now() - interval '30 days')
              order by expires_at limit 200 for update skip locked
            )`,
      ),
    ]);
  }
}
