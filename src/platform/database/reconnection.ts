import { ApiError } from '../errors/api-error.ts';

/** Between two attempts to open a connection while the database is away: from this to half as much again. */
const intervalMs = 4_000;

/** How pg-pool says that all connections are lent; the database has nothing to do with it. */
const poolIsBusy = 'timeout exceeded when trying to connect';

/**
 * Keeps an instance from storming a database that is away, or lets nobody in: after a connection could not be opened,
 * requests are refused at once, but for one now and then that tries again, until one succeeds or somebody else knows that
 * it is back.
 * The intervals vary, so that instances which lost the database together do not come back together.
 */
export class Reconnection {
  #lastFailure: Error | undefined;
  #nextTryAt = 0;

  /** Whether a connection may be opened now. Throws `service.unavailable` where not. */
  admit(): void {
    this.requireHope();
    if (this.#lastFailure !== undefined) {
      this.#postpone(performance.now());
    }
  }

  /** Throws as `admit` does; whoever asks opens nothing yet. */
  requireHope(): void {
    if (this.#lastFailure !== undefined && performance.now() < this.#nextTryAt) {
      throw new ApiError('service.unavailable', { retryAfterSeconds: 1, cause: this.#lastFailure });
    }
  }

  /** Whether nothing has failed since it last succeeded. */
  get isWell(): boolean {
    return this.#lastFailure === undefined;
  }

  failed(error: unknown): void {
    if (error instanceof Error && error.message !== poolIsBusy) {
      this.#lastFailure = error;
      this.#postpone(performance.now());
    }
  }

  /** The database takes connections. */
  succeeded(): void {
    this.#lastFailure = undefined;
  }

  #postpone(now: number): void {
    this.#nextTryAt = now + intervalMs * (1 + Math.random() / 2);
  }
}
