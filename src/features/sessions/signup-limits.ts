import { RateLimiterMemory } from 'rate-limiter-flexible';
import { clientNetwork } from '../../platform/http/client-address.ts';
import { AttemptLimit, refuse } from './attempt-limit.ts';

export interface SignupLimitOptions {
  /** Attempts a minute and address. */
  readonly attemptsPerMinute: number;
  /** Organizations made an hour and address; null for no limit. */
  readonly successesPerHour: number | null;
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

  /** Throws 429 `rate.limited` with Retry-After. */
  async attempt(address: string): Promise<void> {
    await this.#attempts.attempt(address);
    const spent = await this.#successes?.get(clientNetwork(address));
    if (spent != null && spent.remainingPoints <= 0) {
      refuse(spent);
    }
  }

  async succeeded(address: string): Promise<void> {
    await this.#successes?.penalty(clientNetwork(address));
  }
}
