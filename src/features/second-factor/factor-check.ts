import type { SecretBox } from '../../platform/auth/secret-box.ts';
import type { Database } from '../../platform/database/database.ts';
import type { PasswordAttempts } from '../users/index.ts';
import { factorStore } from './factor-store.ts';
import { stepOf } from './totp.ts';

export interface FactorCheckOptions {
  readonly db: Database;
  readonly box: SecretBox;
  readonly attempts: PasswordAttempts;
}

/** What a second factor was proved by. */
export type Proof = 'totp' | 'recovery_code';

/** Who shows a code, and from where. */
export interface Prover {
  readonly userId: string;
  readonly address: string;
}

/** Where a user's secret is encrypted for. */
export const placeOf = (userId: string): string => `totp ${userId}`;

/** Whether a code is one of a user's second factor. */
export class FactorCheck {
  readonly #options: FactorCheckOptions;

  constructor(options: FactorCheckOptions) {
    this.#options = options;
  }

  /** Whether the user has a factor that is asked for. */
  async isNeeded(userId: string): Promise<boolean> {
    const factor = await factorStore(this.#options.db.within({ userId }), userId).find();
    return factor !== undefined && factor.confirmed_at !== null;
  }

  /** What a code of a confirmed factor proves, once; undefined for a wrong one. Throws 429 `auth.throttled`. */
  async take(user: Prover, code: string): Promise<Proof | undefined> {
    const { userId } = user;
    return await this.limited(user, async () => {
      const factors = factorStore(this.#options.db.within({ userId }), userId);
      const factor = await factors.find();
      if (factor === undefined || factor.confirmed_at === null) {
        return undefined;
      }
      if (/^\d{6}$/.test(code)) {
        const step = await this.step(userId, factor, code);
        const isTaken = step !== undefined && (await factors.takeStep(factor.sealed_secret, step));
        return isTaken ? 'totp' : undefined;
      }
      return (await factors.takeCode(code)) ? 'recovery_code' : undefined;
    });
  }

  /** The time step of a code; undefined for a wrong one, and where the secret cannot be read. */
  async step(
    userId: string,
    { key_id: keyId, sealed_secret: text }: { readonly key_id: string; readonly sealed_secret: string },
    code: string,
  ): Promise<number | undefined> {
    const secret = await this.#options.box.unseal({ keyId, text }, placeOf(userId));
    return secret === undefined ? undefined : stepOf(code, secret);
  }

  /**
   * Counts what fails, before it is tried, by the rules that passwords are counted by (docs/adr/0034-brute-force.md): who knows the password keeps its
   * owner out by no wrong codes. Apart from passwords, for each that is right forgets the failures. Throws 429 `auth.throttled`.
   */
  async limited<Result>(
    { userId, address }: Prover,
    attempt: () => Promise<Result | undefined>,
  ): Promise<Result | undefined> {
    let result: Result | undefined;
    await this.#options.attempts.attempt(`second factor of ${userId}`, address, async () => {
      result = await attempt();
      return result !== undefined;
    });
    return result;
  }
}
