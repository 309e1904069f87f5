import type pg from 'pg';

export type HealthStatus = 'healthy' | 'unhealthy' | 'disabled';

/** The health document of the operations guide, with the top-level `database` that v1 clients read. */
export interface Health {
  readonly status: 'healthy' | 'unhealthy';
  /** UTC, whole seconds. */
  readonly timestamp: string;
  readonly version: string;
  readonly database: HealthStatus;
  readonly dependencies: { readonly database: HealthStatus; readonly redis: HealthStatus };
}

const checkTimeoutMs = 1_000;
const keptMs = 1_000;

/** Whether the database answers: asked at most once a second, however many ask, and bounded at one second. */
export class DatabaseHealth {
  readonly #pool: pg.Pool;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #latest: Promise<boolean> = Promise.resolve(false);

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  isHealthy(): Promise<boolean> {
    if (performance.now() - this.#checkedAt > keptMs) {
      this.#checkedAt = performance.now();
      const { promise: late, resolve } = Promise.withResolvers<boolean>();
      const timer = setTimeout(() => resolve(false), checkTimeoutMs);
      const answer = this.#pool.query('select 1').then(
        () => true,
        () => false,
      );
      this.#latest = Promise.race([answer, late]).finally(() => clearTimeout(timer));
    }
    return this.#latest;
  }
}

/** The health document. Redis is not part of this version: `disabled`. */
export function healthDocument(version: string, isDatabaseHealthy: boolean, now: Date): Health {
  const database = isDatabaseHealthy ? 'healthy' : 'unhealthy';
  return {
    status: database,
    timestamp: `${now.toISOString().slice(0, 19)}Z`,
    version,
    database,
    dependencies: { database, redis: 'disabled' },
  };
}
