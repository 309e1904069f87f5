import type { Snapshot } from '../../database/snapshot.ts';
import { AccessHistory } from './access-history.ts';
import type { AccessReading, Moment } from './access-log.ts';

/** Looks into the log of changes of access; rejects where it gets no answer. */
export type ReadAccess = (since: Snapshot | undefined) => Promise<AccessReading>;

const everyMs = 150;
/** How long after it was asked for a reading vouches for what is remembered: what is committed is never unknown for longer. */
const vouchesMs = 750;

/** By both clocks: one stands still while the machine does, the other is set. */
interface Instant {
  readonly steadyMs: number;
  readonly wallMs: number;
}

const instant = (): Instant => ({ steadyMs: performance.now(), wallMs: Date.now() });
const elapsedMs = (since: Instant): number =>
  Math.max(performance.now() - since.steadyMs, Math.abs(Date.now() - since.wallMs));

/**
 * Knows whose access changed, a moment ago at most, or says that it does not know: several times a second it asks the database, and each
 * answer vouches for a while. Where none comes nothing is trusted, and once one does, nothing that was read before it.
 */
export class AccessWatch implements AsyncDisposable {
  readonly #read: ReadAccess;
  readonly #history = new AccessHistory();
  #following: Promise<void> = Promise.resolve();
  #isStopped = false;
  #doubts = 0;
  #wake: () => void = () => undefined;
  #last: { readonly askedAt: Instant; readonly snapshot: Snapshot; readonly databaseMs: number } | undefined;
  /** When the answer was asked for that vouches now. */
  #vouched: Instant | undefined;

  constructor(read: ReadAccess) {
    this.#read = read;
  }

  /** Asks once, and goes on from there. Never rejects. */
  async start(): Promise<void> {
    await this.#look();
    this.#following = this.#follow();
  }

  /** Whether what is remembered may be looked at at all. */
  get isTrusted(): boolean {
    return this.#vouched !== undefined && elapsedMs(this.#vouched) <= vouchesMs;
  }

  /** Whether what was read of a user at a moment is as the database had it `vouchesMs` ago at most. */
  holds(userId: string, moment: Moment): boolean {
    return this.isTrusted && this.#history.holds(userId, moment);
  }

  /** The time of the database's clock, never too early: since 1970. */
  get databaseMs(): number {
    return this.#last === undefined
      ? Number.POSITIVE_INFINITY
      : this.#last.databaseMs + elapsedMs(this.#last.askedAt);
  }

  /** Says that this instance may have changed somebody's access: nothing is trusted until an answer comes that was asked for after this. */
  doubt(): void {
    this.#doubts += 1;
    this.#vouched = undefined;
    this.#wake();
  }

  async #follow(): Promise<void> {
    for (let seen = this.#doubts; !this.#isStopped; ) {
      if (seen === this.#doubts) {
        await this.#pause();
      }
      seen = this.#doubts;
      await this.#look();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #look(): Promise<void> {
    const askedAt = instant();
    const doubts = this.#doubts;
    const reading = await this.#read(this.#last?.snapshot).catch(() => undefined);
    if (reading === undefined) {
      return;
    }
    const { moment, databaseMs } = reading;
    if (this.#last === undefined || elapsedMs(this.#last.askedAt) > vouchesMs) {
      this.#history.begin(moment);
    } else {
      this.#history.take(reading);
    }
    this.#last = { askedAt, snapshot: moment.snapshot, databaseMs };
    if (doubts === this.#doubts) {
      this.#vouched = askedAt;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#following;
  }
}
