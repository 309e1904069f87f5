import { BrownieError } from './errors.ts';
import type { RetryPolicy } from './options.ts';

export const defaultRetry: RetryPolicy = { retries: 4, baseMs: 250, maxMs: 30_000 };

const passing = new Set([429, 502, 503, 504]);

/**
 * Whether trying again may help and does no harm. What is repeatable changes nothing twice: reads, PUT, DELETE, and what carries an
 * Idempotency-Key. Of the rest nothing is known after a fault, except after 429, which is answered before anything is done.
 */
export function mayRetry({ code, status }: BrownieError, isRepeatable: boolean): boolean {
  if (!isRepeatable) {
    return status === 429;
  }
  return (
    code === 'client.unreachable' ||
    code === 'client.timeout' ||
    // @NOTE the first attempt is still at work; its reply is there once it is done.
    code === 'idempotency.in_progress' ||
    (status !== undefined && passing.has(status))
  );
}

/**
 * How long to wait after an attempt (from 1), in milliseconds: what the service asks for and up to a quarter more, so that many
 * clients do not come back at once; else anything up to a bound that doubles ("full jitter"). Undefined where it asks for too much.
 */
export function waitMs(
  attempt: number,
  retryAfterMs: number | undefined,
  { baseMs, maxMs }: RetryPolicy,
  random: () => number = Math.random,
): number | undefined {
  if (retryAfterMs === undefined) {
    return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  }
  return retryAfterMs > maxMs ? undefined : retryAfterMs * (1 + random() / 4);
}

/** Milliseconds of a `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3). Undefined for anything else. */
export function retryAfterMs(value: string | null, now: number = Date.now()): number | undefined {
  if (value === null || value.trim() === '') {
    return undefined;
  }
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Resolves after a while; rejects with the signal's reason where that ends it. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Calls until it succeeds, as the policy says. */
export async function withRetries<T>(
  once: () => Promise<T>,
  options: { policy: RetryPolicy; isRepeatable: boolean; signal: AbortSignal | undefined },
): Promise<T> {
  const { policy, isRepeatable, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await once();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof BrownieError)) {
        throw error;
      }
      error.attempts = attempt;
      const wait = waitMs(attempt, error.retryAfterMs, policy);
      if (attempt > policy.retries || wait === undefined || !mayRetry(error, isRepeatable)) {
        throw error;
      }
      await pause(wait, signal);
    }
  }
}
