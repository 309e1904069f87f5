import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { ApiError } from '../errors/api-error.ts';

/** How often somebody may do something in a while. */
export interface SharedLimit {
  /** What is counted; one word for each limit. */
  readonly kind: string;
  /** Who: an address, a user. Kept as a hash. */
  readonly subject: string;
  readonly most: number;
  readonly perSeconds: number;
}

const Taken = Type.Object({ wait_seconds: Type.Integer() });
const GivenBack = Type.Object({ done: Type.Boolean() });

/** Limits that all instances count together, in PostgreSQL as logins are: see migrations/0034-shared-limits.sql. */
export class SharedLimits {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Takes one of each limit, all or none, before the work: else as many would get through as come while the first is at work. Throws 429
   * `rate.limited` with Retry-After.
   */
  async take(limits: readonly SharedLimit[]): Promise<void> {
    if (limits.length === 0) {
      return;
    }
    const { wait_seconds: seconds } = await this.#db.within({}).one(
      Taken,
      sql`select take_attempts(${kindsOf(limits)}, ${subjectsOf(limits)},
            ${limits.map(({ most }) => most)}, ${limits.map(({ perSeconds }) => perSeconds)}) as wait_seconds`,
    );
    if (seconds > 0) {
      throw new ApiError('rate.limited', {
        retryAfterSeconds: seconds,
        why: `no more of these for now: ${kindsOf(limits).join(', ')}`,
      });
    }
  }

  /** For what did not come to pass. */
  async giveBack(limits: readonly SharedLimit[]): Promise<void> {
    if (limits.length > 0) {
      await this.#db
        .within({})
        .one(
          GivenBack,
          sql`select give_attempts_back(${kindsOf(limits)}, ${subjectsOf(limits)}) is null as done`,
        );
    }
  }
}

const kindsOf = (limits: readonly SharedLimit[]): string[] => limits.map(({ kind }) => kind);
const subjectsOf = (limits: readonly SharedLimit[]): string[] => limits.map(({ subject }) => subject);
