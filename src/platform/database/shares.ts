import { ApiError } from '../errors/api-error.ts';

export interface ShareOptions {
  /** How many run at once, whosever they are. */
  readonly ofAll: number;
  readonly ofTenant: number;
  readonly ofCaller: number;
}

/** Whose work it is. */
export interface Sharer {
  readonly tenant: string;
  readonly caller: string;
}

interface Waiting {
  readonly keys: readonly string[];
  readonly start: () => void;
}

/** How many may wait for each that may run. */
const waitingFactor = 4;
const everybody = 'all';

/**
 * Shares out what is slow, in this instance: so much at once to a caller, to a tenant and to all together. Some wait, each for their own share only; whoever
 * comes beyond that is refused at once: 429 `rate.limited` where the caller or the tenant has too much under way, 503 `service.overloaded`
 * where all have.
 */
export class Shares {
  readonly #options: ShareOptions;
  readonly #running = new Map<string, number>();
  readonly #queued = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();

  constructor(options: ShareOptions) {
    this.#options = options;
  }

  async run<Result>({ tenant, caller }: Sharer, work: () => Promise<Result>): Promise<Result> {
    const keys = [everybody, `tenant ${tenant}`, `caller ${caller}`];
    await this.#admit(keys);
    try {
      return await work();
    } finally {
      count(this.#running, keys, -1);
      this.#startWaiting();
    }
  }

  async #admit(keys: readonly string[]): Promise<void> {
    if (this.#hasRoom(keys)) {
      count(this.#running, keys, 1);
      return;
    }
    const full = keys.findLast((key) => (this.#queued.get(key) ?? 0) >= this.#most(key) * waitingFactor);
    if (full !== undefined) {
      throw new ApiError(full === everybody ? 'service.overloaded' : 'rate.limited', {
        retryAfterSeconds: 1,
        why: `too many slow reads at once of one ${full.split(' ')[0]}; counted in this instance`,
      });
    }
    count(this.#queued, keys, 1);
    await new Promise<void>((start) => this.#waiting.add({ keys, start }));
  }

  /** @NOTE who waits for a share of their own holds up nobody behind them. */
  #startWaiting(): void {
    for (const each of this.#waiting) {
      if (this.#hasRoom(each.keys)) {
        this.#waiting.delete(each);
        count(this.#queued, each.keys, -1);
        count(this.#running, each.keys, 1);
        each.start();
      }
    }
  }

  #hasRoom(keys: readonly string[]): boolean {
    return keys.every((key) => (this.#running.get(key) ?? 0) < this.#most(key));
  }

  #most(key: string): number {
    const { ofAll, ofTenant, ofCaller } = this.#options;
    return key === everybody ? ofAll : key.startsWith('tenant ') ? ofTenant : ofCaller;
  }
}

function count(counts: Map<string, number>, keys: readonly string[], by: 1 | -1): void {
  for (const key of keys) {
    const now = (counts.get(key) ?? 0) + by;
    if (now === 0) {
      counts.delete(key);
    } else {
      counts.set(key, now);
    }
  }
}
