import type { Maintenance } from './maintenance-rows.ts';

export interface MaintenanceWatchOptions {
  /** Rejects where the database does not answer. */
  readonly read: () => Promise<Maintenance | undefined>;
  /** Told whenever it begins, changes or ends; undefined is off. */
  readonly onChange: (maintenance: Maintenance | undefined) => void;
}

const everyMs = 500;

/**
 * What this instance knows of maintenance, looked at twice a second; it ends by itself on time, whether the database answers or
 * not. What it does not know yet, the database refuses all the same.
 */
export class MaintenanceWatch implements AsyncDisposable {
  readonly #options: MaintenanceWatchOptions;
  #maintenance: Maintenance | undefined;
  /** By `performance.now()`. */
  #endsAt = Number.POSITIVE_INFINITY;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(options: MaintenanceWatchOptions) {
    this.#options = options;
  }

  /** Maintenance that is on now; its `secondsLeft` count from now. */
  get current(): Maintenance | undefined {
    const secondsLeft = (this.#endsAt - performance.now()) / 1000;
    if (this.#maintenance === undefined || secondsLeft <= 0) {
      return undefined;
    }
    return { ...this.#maintenance, secondsLeft: Number.isFinite(secondsLeft) ? secondsLeft : null };
  }

  /** Reads once, and goes on from there. Never rejects. */
  async start(): Promise<void> {
    await this.#round();
  }

  /** Reads now: after it was changed here. Never rejects. */
  refresh(): Promise<void> {
    // @NOTE one after the other: an answer from before a change must not come after it.
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  async #round(): Promise<void> {
    await this.refresh();
    if (!this.#isStopped) {
      this.#timer = setTimeout(() => this.#round(), everyMs);
      this.#timer.unref();
    }
  }

  async #read(): Promise<void> {
    // @NOTE a database that is away leaves it as it was, but for its end.
    const read = await this.#options.read().catch(() => this.current);
    const before = this.#maintenance;
    this.#maintenance = read;
    this.#endsAt = performance.now() + (read?.secondsLeft ?? Number.POSITIVE_INFINITY) * 1000;
    if (key(before) !== key(read)) {
      this.#options.onChange(read);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#reading;
  }
}

const key = (maintenance: Maintenance | undefined): string =>
  maintenance === undefined
    ? ''
    : JSON.stringify([maintenance.message, maintenance.until, maintenance.startedAt]);
