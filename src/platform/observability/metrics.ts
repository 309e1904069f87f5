import { collectDefaultMetrics, Registry } from 'prom-client';
import { backupMetrics } from './metrics-backups.ts';
import { databaseMetrics, type PoolGauges } from './metrics-database.ts';
import { identityMetrics } from './metrics-identity.ts';
import { processMetrics } from './metrics-process.ts';
import { requestMetrics } from './metrics-requests.ts';

export type { AuthenticationFailureReason } from './metrics-identity.ts';

export interface MetricsOptions {
  readonly pool: PoolGauges;
  readonly version: string;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Gauges that prom-client calls `_total`, which is for counters; `nodejs_active_resources` and the like tell the same, by type. */
const misnamedGauges = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/**
 * The metrics of the operations guide and what else its alerts need, in a registry of their own. Every series that a
 * rule uses is there at 0 from the first scrape, and clients cannot make new ones (docs/metrics.md).
 */
export function createMetrics({ pool, version }: MetricsOptions) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const misnamed of misnamedGauges) {
    registry.removeSingleMetric(misnamed);
  }
  return {
    registry,
    ...requestMetrics(registry),
    ...databaseMetrics(registry, pool),
    ...identityMetrics(registry),
    ...processMetrics(registry, version),
    ...backupMetrics(registry),
  };
}
