import { Type } from 'typebox';
import type { Passwords } from '../../platform/auth/passwords.ts';
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';

const Rehashed = Type.Object({ done: Type.Boolean() });

/** What came of it; `skipped`: others waited for their logins, so it is left to the next one. */
export type RehashResult = 'done' | 'superseded' | 'skipped' | 'failed';

export interface PasswordUpgradeOptions {
  readonly db: Database;
  readonly passwords: Passwords;
  readonly onResult: (result: RehashResult) => void;
}

/** A password that was proved right. */
export interface ProvenPassword {
  readonly userId: string;
  readonly password: string;
  /** What it was compared with. */
  readonly hash: string;
}

/** Brings hashes to the parameters that are configured, as their users log in. */
export class PasswordUpgrade {
  readonly #options: PasswordUpgradeOptions;

  constructor(options: PasswordUpgradeOptions) {
    this.#options = options;
  }

  /**
   * Hashes the password anew where its hash has other parameters, unless another password was set meanwhile: see
   * migrations/0052-passwords-hashed-anew.sql. @NOTE beside the reply, which does not wait for it.
   */
  begin(proven: ProvenPassword): void {
    const { passwords, onResult } = this.#options;
    if (passwords.isCurrent(proven.hash)) {
      return;
    }
    if (passwords.queue.waiting > 0) {
      onResult('skipped');
      return;
    }
    // @NOTE also refused in maintenance and by a server that takes no writes: the next login tries again.
    this.#rehash(proven).then(onResult, () => onResult('failed'));
  }

  async #rehash({ userId, password, hash }: ProvenPassword): Promise<RehashResult> {
    const { db, passwords } = this.#options;
    const newHash = await passwords.hash(password);
    const { done } = await db
      .within({ userId })
      .one(Rehashed, sql`select rehash_password(${userId}, ${hash}, ${newHash}) as done`);
    return done ? 'done' : 'superseded';
  }
}
