import { collectDefaultMetrics, Registry } from 'prom-client';
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

/**
 * The metrics of the operations guide and what else its alerts need, in a registry of their own. Every series that a
 * rule uses is there at 0 from the first scrape, and clients cannot make new ones (docs/metrics.md).
 */
export function createMetrics({ pool, version }: MetricsOptions) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    ...requestMetrics(registry),
    ...databaseMetrics(registry, pool),
    ...identityMetrics(registry),
    ...processMetrics(registry, version),
  };
}
