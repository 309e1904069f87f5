import type { SecretBox } from '../../platform/auth/secret-box.ts';
import type { Database } from '../../platform/database/database.ts';
import type { PasswordAttempts } from '../users/index.ts';
import { factorStore } from './factor-store.ts';
import type { PasskeyCheck, Shower } from './passkey-check.ts';
import type { Assertion } from './passkey-schemas.ts';
import { stepOf } from './totp.ts';

export interface FactorCheckOptions {
  readonly db: Database;
  readonly box: SecretBox;
  readonly attempts: PasswordAttempts;
  readonly passkeys: PasskeyCheck;
}

/** What a second factor was proved by. */
export type Proof = 'totp' | 'recovery_code' | 'passkey';

/** Who shows a factor, and from where. */
export interface Prover extends Shower {
  readonly userId: string;
}

/** One of the two: a code of the authenticator or for recovery, or what a passkey signed. */
export interface Shown {
  readonly code?: string | undefined;
  readonly passkey?: Assertion | undefined;
}

/** Where a user's secret is encrypted for. */
export const placeOf = (userId: string): string => `totp ${userId}`;

/** Whether what is shown is of a user's second factor. */
export class FactorCheck {
  readonly #options: FactorCheckOptions;

  constructor(options: FactorCheckOptions) {
    this.#options = options;
  }

  /** Whether the user has a factor that is asked for. */
  async isNeeded(userId: string): Promise<boolean> {
    return await factorStore(this.#options.db.within({ userId }), userId).isAskedFor();
  }

  /**
   * What a factor of the user proves, once; undefined for a wrong one. A passkey signed for `purpose`. Throws 429 `auth.throttled`, 501
   * `auth.passkeys_not_configured`.
   */
  async take(
    user: Prover,
    { code, passkey }: Shown,
    purpose: 'prove' | 'second_step' = 'prove',
  ): Promise<Proof | undefined> {
    return await this.limited(user, async () =>
      passkey === undefined
        ? await this.#takeCode(user.userId, code ?? '')
        : await this.#takePasskey(user, passkey, purpose),
    );
  }

  async #takePasskey(
    user: Prover,
    passkey: Assertion,
    purpose: 'prove' | 'second_step',
  ): Promise<Proof | undefined> {
    const shown = await this.#options.passkeys.take(user, purpose, passkey, user.userId);
    return shown?.isProved ? 'passkey' : undefined;
  }

  async #takeCode(userId: string, code: string): Promise<Proof | undefined> {
    const factors = factorStore(this.#options.db.within({ userId }), userId);
    if (!/^\d{6}$/.test(code)) {
      return (await factors.takeCode(code)) ? 'recovery_code' : undefined;
    }
    const factor = await factors.find();
    if (factor === undefined || factor.confirmed_at === null) {
      return undefined;
    }
    const step = await this.step(userId, factor, code);
    const isTaken = step !== undefined && (await factors.takeStep(factor.sealed_secret, step));
    return isTaken ? 'totp' : undefined;
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
    { userId, address }: Pick<Prover, 'userId' | 'address'>,
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
