import type { PoolGauges } from '../../platform/observability/metrics-database.ts';
import type { CertificateTimes } from '../../platform/observability/metrics-process.ts';
import { DependencyMonitor, type DependencyState } from './dependency-monitor.ts';
import type { DetailInputs } from './health-details.ts';

export interface HealthServiceOptions {
  readonly version: string;
  /** Each rejects where the dependency does not answer, that of the database with NotWritableError where it takes no writes; no `redis` where it is not configured. */
  readonly checks: { readonly database: () => Promise<void>; readonly redis?: () => Promise<void> };
  readonly pool: PoolGauges;
  /** What is known of each replica; none by default. */
  readonly replicas?: (() => DetailInputs['replicas']) | undefined;
  readonly migrations: DetailInputs['migrations'];
  readonly certificates: () => readonly CertificateTimes[];
  readonly maintenance: () => DetailInputs['maintenance'];
  readonly cache: () => DetailInputs['cache'];
  readonly onChange: (dependency: 'database' | 'redis', state: DependencyState) => void;
}

/** What is known of this instance and its dependencies; asking it costs nothing. */
export class HealthService implements AsyncDisposable {
  readonly #options: HealthServiceOptions;
  readonly #database: DependencyMonitor;
  readonly #redis: DependencyMonitor | undefined;
  readonly #startedAt = new Date();

  constructor(options: HealthServiceOptions) {
    const { checks, onChange } = options;
    this.#options = options;
    this.#database = new DependencyMonitor({
      check: checks.database,
      onChange: (state) => onChange('database', state),
    });
    this.#redis =
      checks.redis &&
      new DependencyMonitor({ check: checks.redis, onChange: (state) => onChange('redis', state) });
  }

  /** Resolves once each dependency was checked for the first time. */
  async start(): Promise<void> {
    await Promise.all([this.#database.start(), this.#redis?.start()]);
  }

  inputs(): DetailInputs {
    const { version, pool, replicas, migrations, certificates, maintenance, cache } = this.#options;
    return {
      version,
      now: new Date(),
      database: this.#database.state,
      redis: this.#redis?.state,
      pool,
      replicas: replicas?.() ?? [],
      certificates: certificates(),
      migrations,
      startedAt: this.#startedAt,
      maintenance: maintenance(),
      cache: cache(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#database[Symbol.asyncDispose](), this.#redis?.[Symbol.asyncDispose]()]);
  }
}
