import { ApiError } from '../errors/api-error.ts';
import { failureOf } from './database-failures.ts';

/** As many changes wait at the most; each holds a request. Whoever comes then is refused at once. */
const waitingMax = 1_000;

/** Somebody who waits looks again after this, if nobody says before that it is worth it. */
const lookAgainMs = 100;

export interface WritePatienceOptions {
  /** For how long a change waits. */
  readonly timeoutMs: number;
  /** Told of each change that begins to wait: why. */
  readonly onWait?: ((why: string) => void) | undefined;
}

/**
 * Lets changes wait while there is no database that takes writes, which in a planned switchover is a second or two: a client is
 * served late rather than refused.
 */
export class WritePatience {
  readonly #options: WritePatienceOptions;
  readonly #waiting = new Set<() => void>();

  constructor(options: WritePatienceOptions) {
    this.#options = options;
  }

  /** Says that the database takes writes: whoever waits tries now. */
  writable(): void {
    for (const wake of this.#waiting) {
      wake();
    }
  }

  /**
   * Runs `work`; where it fails for want of a database that takes writes, runs it again until the time is up. Throws what the last
   * attempt threw. @NOTE `mayRepeat` is asked after each failure: whatever may have been committed must not be run again.
   */
  async run<Result>(work: () => Promise<Result>, mayRepeat: () => boolean = () => true): Promise<Result> {
    const deadline = performance.now() + this.#options.timeoutMs;
    for (let isFirst = true; ; isFirst = false) {
      try {
        return await work();
      } catch (error) {
        const leftMs = deadline - performance.now();
        const isFull = this.#waiting.size >= waitingMax;
        if (leftMs <= 0 || isFull || !isForWantOfWrites(error) || !mayRepeat()) {
          throw error;
        }
        if (isFirst) {
          this.#options.onWait?.('no database takes writes: the change waits for one');
        }
        await this.#signal(Math.min(leftMs, lookAgainMs));
      }
    }
  }

  #signal(atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, atMostMs);
      this.#waiting.add(wake);
    });
  }
}

/** True where another moment may bring a server that takes writes: none answers, its connections end, it follows another one. */
function isForWantOfWrites(error: unknown): boolean {
  const failure = failureOf(error instanceof ApiError ? error.cause : error);
  if (failure?.passes !== true) {
    return false;
  }
  return failure.isOfConnecting || ['connection_fault', 'read_only', 'not_writable'].includes(failure.kind);
}
