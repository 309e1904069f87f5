import type { Lsn } from './lsn.ts';
import type { Position } from './primary-position.ts';

interface Waiting {
  readonly lsn: Lsn;
  readonly settle: (isReached: boolean) => void;
}

/** How long a read waits for a replica that is close behind. */
const patienceMs = 25;
/** One that is later than this is not waited for. */
const closeMs = 100;

/**
 * How far a replica has come, and how late that is: told by positions of the primary and when they were asked, as a replica that has nothing to
 * replay has no time of its own (pg_last_xact_replay_timestamp stands still where nothing is written).
 */
export class Replay {
  readonly #now: () => number;
  readonly #waiting = new Set<Waiting>();
  /** Positions of the primary that it has not shown yet, the oldest first. */
  #expected: Position[] = [];
  #lsn: Lsn = 0n;
  /** When the primary had the latest position that it has shown. */
  #freshAt = Number.NEGATIVE_INFINITY;
  /** How long it took to show that. */
  #delayMs = Number.POSITIVE_INFINITY;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get lsn(): Lsn {
    return this.#lsn;
  }

  /** How old what it shows is at the most. */
  get ageMs(): number {
    return this.#now() - this.#freshAt;
  }

  /** How late it shows what is committed. */
  get lagMs(): number {
    const [oldest] = this.#expected;
    return oldest === undefined ? this.#delayMs : Math.max(this.#now() - oldest.askedAt, 0);
  }

  /** Whether anybody waits for it. */
  get isAwaited(): boolean {
    return this.#waiting.size > 0;
  }

  /** The primary has come so far. @NOTE of what is late, one in a while will do: it is kept for how late. */
  expect(position: Position): void {
    this.#expected.push(position);
    if (this.#expected.length > 50) {
      this.#expected = this.#expected.filter((_, index) => index === 0 || index > 25);
    }
    if (this.#lsn >= position.lsn) {
      this.advance(this.#lsn);
    } else {
      void this.reach(position.lsn);
    }
  }

  /** It has come so far. */
  advance(lsn: Lsn): void {
    this.#lsn = lsn;
    while (this.#expected[0] !== undefined && this.#expected[0].lsn <= lsn) {
      this.#freshAt = this.#expected[0].askedAt;
      this.#delayMs = this.#now() - this.#freshAt;
      this.#expected.shift();
    }
    for (const each of this.#waiting) {
      if (each.lsn <= lsn) {
        each.settle(true);
      }
    }
  }

  /** Whether it comes so far within a moment. */
  reach(lsn: Lsn): Promise<boolean> {
    if (this.#lsn >= lsn || this.lagMs > closeMs) {
      return Promise.resolve(this.#lsn >= lsn);
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        lsn,
        settle: (isReached) => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          resolve(isReached);
        },
      };
      const timer = setTimeout(() => waiting.settle(false), patienceMs);
      this.#waiting.add(waiting);
    });
  }

  /** It does not answer any more: nobody waits for it. */
  giveUp(): void {
    for (const each of this.#waiting) {
      each.settle(false);
    }
  }

  /** It is another server, or follows another one. */
  forget(): void {
    this.giveUp();
    this.#expected = [];
    this.#lsn = 0n;
    this.#freshAt = Number.NEGATIVE_INFINITY;
    this.#delayMs = Number.POSITIVE_INFINITY;
  }
}
