import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../../platform/errors/api-error.ts';
import { clientNetwork } from '../../platform/http/client-address.ts';

/** How often a minute a client, by address, may try something. Counted in this process. */
export class AttemptLimit {
  readonly #attempts: RateLimiterMemory;

  constructor(attemptsPerMinute: number) {
    this.#attempts = new RateLimiterMemory({ points: attemptsPerMinute, duration: 60 });
  }

  /** Throws 429 `rate.limited` with Retry-After. */
  async attempt(address: string): Promise<void> {
    await this.#attempts.consume(clientNetwork(address)).catch(refuse);
  }
}

/** Throws 429 `rate.limited` for a limit that is reached, anything else as it is. */
export function refuse(limit: unknown): never {
  if (!(limit instanceof RateLimiterRes)) {
    throw limit;
  }
  throw new ApiError('rate.limited', {
    retryAfterSeconds: Math.max(1, Math.ceil(limit.msBeforeNext / 1000)),
    why: `this network has tried ${limit.consumedPoints} times; counted in this instance`,
  });
}
