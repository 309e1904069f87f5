import type { SharedLimit, SharedLimits } from '../../platform/auth/shared-limits.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';

export interface SignupLimitOptions {
  /** Attempts a minute and address. */
  readonly attemptsPerMinute: number;
  /** Organizations made an hour and address; null for no limit. */
  readonly successesPerHour: number | null;
}

/** What a sign-up has taken of the limits. */
export interface TakenSignup {
  /** For one that made no organization. */
  giveBack(): Promise<void>;
}

/**
 * How often an address may sign up: attempts are limited because a refusal tells that an e-mail is known, successes
 * because each makes an organization. Counted by all instances together.
 */
export class SignupLimits {
  readonly #options: SignupLimitOptions;
  readonly #limits: SharedLimits;

  constructor(options: SignupLimitOptions, limits: SharedLimits) {
    this.#options = options;
    this.#limits = limits;
  }

  /** Takes an attempt, and one of the hour's successes before there is one. Throws 429 `rate.limited` with Retry-After. */
  async take(address: string): Promise<TakenSignup> {
    const { attemptsPerMinute, successesPerHour } = this.#options;
    const subject = clientNetwork(address);
    const attempt: SharedLimit = { kind: 'sign-up', subject, most: attemptsPerMinute, perSeconds: 60 };
    const success: readonly SharedLimit[] =
      successesPerHour === null
        ? []
        : [{ kind: 'signed-up', subject, most: successesPerHour, perSeconds: 3_600 }];
    await this.#limits.take([attempt, ...success]);
    return { giveBack: () => this.#limits.giveBack(success) };
  }
}
