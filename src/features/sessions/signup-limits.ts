import { RateLimiterMemory } from 'rate-limiter-flexible';
import { clientNetwork } from '../../platform/http/client-address.ts';
import { AttemptLimit, refuse } from './attempt-limit.ts';

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
 * because each makes an organization. Counted in this process.
 */
export class SignupLimits {
  readonly #attempts: AttemptLimit;
  readonly #successes: RateLimiterMemory | undefined;

  constructor({ attemptsPerMinute, successesPerHour }: SignupLimitOptions) {
    this.#attempts = new AttemptLimit(attemptsPerMinute);
    this.#successes =
      successesPerHour === null
        ? undefined
        : new RateLimiterMemory({ points: successesPerHour, duration: 3_600 });
  }

  /**
   * Takes an attempt, and one of the hour's successes before there is one: else as many would get through as come while the first is at
   * work. Throws 429 `rate.limited` with Retry-After.
   */
  async take(address: string): Promise<TakenSignup> {
    await this.#attempts.attempt(address);
    const network = clientNetwork(address);
    const giveBack = async (): Promise<void> => {
      await this.#successes?.reward(network);
    };
    await this.#successes?.consume(network).catch(async (limit: unknown) => {
      await giveBack();
      refuse(limit);
    });
    return { giveBack };
  }
}
