import { ApiError } from '../errors/api-error.ts';

const runningMax = 2;
const waitingMax = 50;

/** What became of work that was brought. */
export interface WorkQueueObserver {
  /** It was begun, after so long. */
  readonly onBegun: (waitedSeconds: number) => void;
  /** It was refused: too much waits. */
  readonly onRefused: () => void;
}

/**
 * Two pieces of work at once, and 50 that wait; past that it answers 503, so that a storm of logins does not stop everything
 * else.
 */
export class WorkQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #observer: WorkQueueObserver | undefined;

  constructor(observer?: WorkQueueObserver) {
    this.#observer = observer;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Throws 503 `service.overloaded` where too much waits. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const since = performance.now();
    if (this.#running >= runningMax) {
      if (this.#waiting.length >= waitingMax) {
        this.#observer?.onRefused();
        throw new ApiError('service.overloaded', { retryAfterSeconds: 2 });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    this.#observer?.onBegun((performance.now() - since) / 1_000);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#running -= 1;
      } else {
        next();
      }
    }
  }
}
