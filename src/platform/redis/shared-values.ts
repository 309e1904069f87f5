import type { RedisConnection } from './redis.ts';

/** How long a value is waited for. */
const patienceMs = 25;
/** After Redis did not answer nobody asks it for so long. */
const restMs = 1_000;
const underWayMax = 256;

/** Values that instances share for a while, and can do without: nobody waits for a Redis that is gone, and none of this rejects. */
export class SharedValues {
  readonly #redis: Pick<RedisConnection, 'get' | 'set'>;
  readonly #onFailure: () => void;
  #restsUntil = 0;
  #underWay = 0;

  constructor(redis: Pick<RedisConnection, 'get' | 'set'>, onFailure: () => void) {
    this.#redis = redis;
    this.#onFailure = onFailure;
  }

  async get(key: string): Promise<string | undefined> {
    if (this.#isResting()) {
      return undefined;
    }
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      this.#failed();
      resolve(undefined);
    }, patienceMs);
    const found = await Promise.race([this.#counted(() => this.#redis.get(key)), late]);
    clearTimeout(timer);
    return found;
  }

  put(key: string, value: string, keptMs: number): void {
    if (!this.#isResting()) {
      void this.#counted(() => this.#redis.set(key, value, keptMs));
    }
  }

  #isResting(): boolean {
    return performance.now() < this.#restsUntil || this.#underWay >= underWayMax;
  }

  async #counted<Result>(send: () => Promise<Result>): Promise<Result | undefined> {
    this.#underWay += 1;
    try {
      return await send();
    } catch {
      this.#failed();
      return undefined;
    } finally {
      this.#underWay -= 1;
    }
  }

  #failed(): void {
    this.#restsUntil = performance.now() + restMs;
    this.#onFailure();
  }
}
