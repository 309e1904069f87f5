import { collectDefaultMetrics, type Histogram, Registry } from 'prom-client';
import { type Exposition, prefersOpenMetrics, toOpenMetrics } from './exposition.ts';
import { backupMetrics } from './metrics-backups.ts';
import { cacheMetrics } from './metrics-cache.ts';
import { databaseMetrics, type PoolGauges } from './metrics-database.ts';
import { identityMetrics } from './metrics-identity.ts';
import { type LogCounts, logMetrics } from './metrics-log.ts';
import { mailMetrics } from './metrics-mail.ts';
import { passwordMetrics } from './metrics-passwords.ts';
import { processMetrics } from './metrics-process.ts';
import { replicaMetrics } from './metrics-replicas.ts';
import { requestMetrics } from './metrics-requests.ts';
import { toolMetrics } from './metrics-tools.ts';

export type { AuthenticationFailureReason } from './metrics-identity.ts';

export interface MetricsOptions {
  readonly pool: PoolGauges;
  readonly version: string;
  /** Of the log; nothing goes wrong with it by default. */
  readonly log?: LogCounts;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Gauges that prom-client calls `_total`, which is for counters; `nodejs_active_resources` and the like tell the same, by type. */
const misnamedGauges = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Of garbage collection: each makes its series at its first run otherwise. */
const collectionKinds = ['major', 'minor', 'incremental', 'weakcb'];

/**
 * The metrics of the operations guide and what else its alerts need, in a registry of their own. Every series that a
 * rule uses is there at 0 from the first scrape, and clients cannot make new ones (docs/metrics.md).
 */
export function createMetrics({ pool, version, log = { writeErrors: 0, lostLines: 0 } }: MetricsOptions) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const misnamed of misnamedGauges) {
    registry.removeSingleMetric(misnamed);
  }
  const collections = registry.getSingleMetric('nodejs_gc_duration_seconds') as Histogram<'kind'>;
  for (const kind of collectionKinds) {
    collections.zero({ kind });
  }
  logMetrics(registry, log);
  const { exemplars, ...requests } = requestMetrics(registry);
  return {
    registry,
    /** A scrape, in the form that an Accept header prefers: OpenMetrics with exemplars, or the text format. */
    async expose(accept: string | undefined): Promise<Exposition> {
      const text = await registry.metrics();
      return prefersOpenMetrics(accept)
        ? toOpenMetrics(text, (line) => exemplars.of(line))
        : { type: registry.contentType, text };
    },
    ...requests,
    ...databaseMetrics(registry, pool),
    ...replicaMetrics(registry),
    ...identityMetrics(registry),
    ...toolMetrics(registry),
    ...passwordMetrics(registry),
    ...cacheMetrics(registry),
    ...processMetrics(registry, version),
    ...backupMetrics(registry),
    ...mailMetrics(registry),
  };
}
