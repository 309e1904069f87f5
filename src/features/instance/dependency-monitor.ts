import { NotWritableError, type WriteObstacle } from '../../platform/database/writable.ts';

export type DependencyStatus = 'healthy' | 'unhealthy';

/** Why a dependency is not as it should be; a database may answer and take no writes. */
export type DependencyFault = 'no_answer' | WriteObstacle;

/** What is known of a dependency now. */
export interface DependencyState {
  readonly status: DependencyStatus;
  /** Null where it is healthy. */
  readonly fault: DependencyFault | null;
  /** Of the last check that succeeded, in milliseconds; null before the first. */
  readonly latencyMs: number | null;
  /** When it was last checked. */
  readonly checkedAt: Date;
}

export interface DependencyMonitorOptions {
  /** Rejects where the dependency does not answer, or with NotWritableError. */
  readonly check: () => Promise<void>;
  readonly onChange: (state: DependencyState) => void;
}

/** Of what has not been checked yet. */
export const unknownDependency: DependencyState = {
  status: 'unhealthy',
  fault: 'no_answer',
  latencyMs: null,
  checkedAt: new Date(0),
};

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
  #state: DependencyState = unknownDependency;
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
    const fault = await bounded(this.#options.check());
    if (this.#isStopped) {
      return;
    }
    this.#take(fault, performance.now() - startedAt);
    const pause = fault === null ? afterSuccessMs : afterFailureMs;
    this.#timer = setTimeout(() => {
      this.#running = this.#round();
    }, pause);
    this.#timer.unref();
  }

  #take(found: DependencyFault | null, elapsedMs: number): void {
    const { fault, latencyMs } = this.#state;
    this.#contrary = found === fault ? 0 : this.#contrary + 1;
    const isTurned = this.#contrary >= inARow;
    const isFirst = this.#state.checkedAt.getTime() === 0;
    const now = isTurned ? found : fault;
    this.#state = {
      status: now === null ? 'healthy' : 'unhealthy',
      fault: now,
      latencyMs: found === null ? Math.round(elapsedMs * 100) / 100 : latencyMs,
      checkedAt: new Date(),
    };
    if (isTurned || isFirst) {
      this.#contrary = 0;
      this.#options.onChange(this.#state);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}

/** What a check finds in time; null where all is well. A late one is left to fail by itself. */
async function bounded(check: Promise<void>): Promise<DependencyFault | null> {
  const { promise: late, resolve } = Promise.withResolvers<DependencyFault>();
  const timer = setTimeout(() => resolve('no_answer'), timeoutMs);
  try {
    return await Promise.race([
      check.then(
        () => null,
        (error: unknown) => (error instanceof NotWritableError ? error.obstacle : 'no_answer'),
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
