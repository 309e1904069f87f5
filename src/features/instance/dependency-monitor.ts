export type DependencyStatus = 'healthy' | 'unhealthy';

/** What is known of a dependency now. */
export interface DependencyState {
  readonly status: DependencyStatus;
  /** Of the last check that succeeded, in milliseconds; null before the first. */
  readonly latencyMs: number | null;
  /** When it was last checked. */
  readonly checkedAt: Date;
}

export interface DependencyMonitorOptions {
  /** Rejects where the dependency does not answer. */
  readonly check: () => Promise<void>;
  readonly onChange: (status: DependencyStatus) => void;
}

const afterSuccessMs = 400;
const afterFailureMs = 100;
const timeoutMs = 500;
const inARow = 2;

/**
 * Watches a dependency in the background, one bounded check at a time, so that a question about it costs nothing.
 * Two results in a row turn the status over, either way, so that one slow answer is no outage: a dependency that is gone is known
 * within 400 + 500 + 100 + 500 ms.
 */
export class DependencyMonitor implements AsyncDisposable {
  readonly #options: DependencyMonitorOptions;
  #state: DependencyState = { status: 'unhealthy', latencyMs: null, checkedAt: new Date(0) };
  #contrary = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: DependencyMonitorOptions) {
    this.#options = options;
  }

  get state(): DependencyState {
    return this.#state;
  }

  /** Checks once, takes the result as it is, and goes on from there. */
  async start(): Promise<void> {
    this.#contrary = inARow;
    await this.#round();
  }

  async #round(): Promise<void> {
    const startedAt = performance.now();
    const isAnswering = await bounded(this.#options.check());
    if (this.#isStopped) {
      return;
    }
    this.#take(isAnswering ? 'healthy' : 'unhealthy', performance.now() - startedAt);
    const pause = isAnswering ? afterSuccessMs : afterFailureMs;
    this.#timer = setTimeout(() => {
      this.#running = this.#round();
    }, pause);
    this.#timer.unref();
  }

  #take(result: DependencyStatus, elapsedMs: number): void {
    const { status, latencyMs } = this.#state;
    this.#contrary = result === status ? 0 : this.#contrary + 1;
    const isTurned = this.#contrary >= inARow;
    const isFirst = this.#state.checkedAt.getTime() === 0;
    this.#state = {
      status: isTurned ? result : status,
      latencyMs: result === 'healthy' ? Math.round(elapsedMs * 100) / 100 : latencyMs,
      checkedAt: new Date(),
    };
    if (isTurned || isFirst) {
      this.#contrary = 0;
      this.#options.onChange(this.#state.status);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}

/** Whether a check succeeds in time. A late one is left to fail by itself. */
async function bounded(check: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([
      check.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
