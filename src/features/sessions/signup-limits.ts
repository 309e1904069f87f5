import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../../platform/errors/api-error.ts';

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
  readonly #attempts: RateLimiterMemory;
  readonly #successes: RateLimiterMemory | undefined;

  constructor({ attemptsPerMinute, successesPerHour }: SignupLimitOptions) {
    this.#attempts = new RateLimiterMemory({ points: attemptsPerMinute, duration: 60 });
    this.#successes =
      successesPerHour === null
        ? undefined
        : new RateLimiterMemory({ points: successesPerHour, duration: 3_600 });
  }

  /** Throws 429 `rate.limited` with Retry-After. */
  async attempt(address: string): Promise<void> {
    await this.#attempts.consume(address).catch(refuse);
    const spent = await this.#successes?.get(address);
    if (spent != null && spent.remainingPoints <= 0) {
      refuse(spent);
    }
  }

  async succeeded(address: string): Promise<void> {
    await this.#successes?.penalty(address);
  }
}

function refuse(limit: unknown): never {
  if (!(limit instanceof RateLimiterRes)) {
    throw limit;
  }
  throw new ApiError('rate.limited', {
    retryAfterSeconds: Math.max(1, Math.ceil(limit.msBeforeNext / 1000)),
  });
}
