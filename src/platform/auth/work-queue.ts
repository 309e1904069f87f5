import { ApiError } from '../errors/api-error.ts';

const runningMax = 2;
const waitingMax = 50;
/** Of what is urgent, beside the others; more of it waits with them. */
const urgentMax = 10;
/** Of so many in a row, one is not urgent where such work waits. */
const urgentInARow = 2;

/** What became of work that was brought. */
export interface WorkQueueObserver {
  /** It was begun, after so long. */
  readonly onBegun: (waitedSeconds: number) => void;
  /** It was refused: too much waits. */
  readonly onRefused: () => void;
}

/**
 * Two pieces of work at once, and 50 that wait; past that it answers 503, so that a storm of logins does not stop everything
 * else. What is urgent waits in a short line of its own, which goes first, and not always.
 */
export class WorkQueue {
  #running = 0;
  readonly #urgent: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #observer: WorkQueueObserver | undefined;
  /** So many urgent ones were begun one after the other. */
  #inARow = 0;

  constructor(observer?: WorkQueueObserver) {
    this.#observer = observer;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#urgent.length + this.#waiting.length;
  }

  /** Throws 503 `service.overloaded` where too much waits. */
  async run<Result>(work: () => Promise<Result>, { isUrgent = false } = {}): Promise<Result> {
    const since = performance.now();
    if (this.#running >= runningMax) {
      const line = isUrgent && this.#urgent.length < urgentMax ? this.#urgent : this.#waiting;
      if (line === this.#waiting && line.length >= waitingMax) {
        this.#observer?.onRefused();
        throw new ApiError('service.overloaded', { retryAfterSeconds: 2 });
      }
      await new Promise<void>((resolve) => line.push(resolve));
    } else {
      this.#running += 1;
    }
    this.#observer?.onBegun((performance.now() - since) / 1_000);
    try {
      return await work();
    } finally {
      const next = this.#next();
      if (next === undefined) {
        this.#running -= 1;
      } else {
        next();
      }
    }
  }

  #next(): (() => void) | undefined {
    const isTheirTurn = this.#inARow >= urgentInARow && this.#waiting.length > 0;
    const urgent = isTheirTurn ? undefined : this.#urgent.shift();
    this.#inARow = urgent === undefined ? 0 : this.#inARow + 1;
    return urgent ?? this.#waiting.shift();
  }
}
