import type { PoolGauges } from '../../platform/observability/metrics-database.ts';
import type { CertificateTimes } from '../../platform/observability/metrics-process.ts';
import type { DependencyState } from './dependency-monitor.ts';
import { type Health, type HealthInputs, healthDocument } from './health-documents.ts';

export interface DetailInputs extends HealthInputs {
  readonly pool: PoolGauges;
  readonly certificates: readonly CertificateTimes[];
  /** Number and name of the newest migration that is applied, and how many are pending. */
  readonly migrations: { readonly latest: string; readonly pending: number };
  readonly startedAt: Date;
}

const dayMs = 86_400_000;

const dependency = ({ status, latencyMs, checkedAt }: DependencyState) => ({
  status,
  latency_ms: latencyMs,
  checked_at: checkedAt.toISOString(),
});

/** The health document and what an operator wants to see beside it. Never a host name, a DSN or an error's text. */
export function detailedDocument(inputs: DetailInputs): Health & { readonly details: object } {
  const { database, redis, pool, certificates, migrations, now, startedAt } = inputs;
  return {
    ...healthDocument(inputs),
    details: {
      database: {
        ...dependency(database),
        pool: { active: pool.active(), idle: pool.idle(), waiting: pool.waiting(), max: pool.max },
        migrations,
      },
      redis: redis === undefined ? { status: 'disabled' } : dependency(redis),
      certificates: certificates.map(({ name, notAfter }) => ({
        name,
        not_after: notAfter.toISOString(),
        days_remaining: Math.floor((notAfter.getTime() - now.getTime()) / dayMs),
      })),
      process: {
        uptime_seconds: Math.round((now.getTime() - startedAt.getTime()) / 1000),
        memory_bytes: process.memoryUsage.rss(),
      },
    },
  };
}
