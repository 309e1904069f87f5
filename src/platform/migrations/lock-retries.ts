import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from './migration-error.ts';

/** How often a migration is tried before a lock that others hold makes it fail. */
export const triesMax = 10;

/** A try that met a lock of somebody else, and the pause before the next one. */
export interface LockRetry {
  /** Tries so far, from 1. */
  readonly tries: number;
  readonly sqlState: string;
  readonly delayMs: number;
}

const lockNotAvailable = '55P03';
const deadlockDetected = '40P01';

/**
 * Runs `attempt` up to {@link triesMax} times, as long as it throws a {@link MigrationError} for a lock not available
 * or a deadlock. Giving up the request and coming back lets through the traffic that queued behind it.
 * Throws the error of the last attempt, or the first error of another kind
 */
export async function retryOnLocks<T>(
  attempt: () => Promise<T>,
  onRetry: (retry: LockRetry) => void,
  wait: (delayMs: number) => Promise<unknown> = sleep,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const sqlState = error instanceof MigrationError ? error.sqlState : null;
      if (sqlState !== lockNotAvailable && sqlState !== deadlockDetected) {
        throw error;
      }
      if (tries === triesMax) {
        throw error;
      }
      const delayMs = retryDelayMs(tries, Math.random());
      onRetry({ tries, sqlState, delayMs });
      await wait(delayMs);
    }
  }
}

/**
 * The pause after a number of tries: 0.5 s doubled each time up to 8 s, of which a random part of 50 to 100 %.
 * @param random from 0 to 1
 */
export function retryDelayMs(tries: number, random: number): number {
  return Math.round(Math.min(8_000, 500 * 2 ** (tries - 1)) * (0.5 + random / 2));
}
