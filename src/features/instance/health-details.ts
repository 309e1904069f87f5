import type { Maintenance } from '../../platform/maintenance/index.ts';
import type { PoolGauges } from '../../platform/observability/metrics-database.ts';
import type { CertificateTimes } from '../../platform/observability/metrics-process.ts';
import type { ReplicaState } from '../../platform/replicas/index.ts';
import type { DependencyState } from './dependency-monitor.ts';
import { type Health, type HealthInputs, healthDocument } from './health-documents.ts';

export interface DetailInputs extends HealthInputs {
  readonly pool: PoolGauges;
  /** In the order of their setting; empty where none are configured. */
  readonly replicas: readonly ReplicaState[];
  readonly certificates: readonly CertificateTimes[];
  /** Number and name of the newest migration that is applied, and how many are pending. */
  readonly migrations: { readonly latest: string; readonly pending: number };
  readonly startedAt: Date;
  /** Maintenance that is on. */
  readonly maintenance: Maintenance | undefined;
  /** What is remembered of callers, where anything is. */
  readonly cache: { readonly users: number; readonly isTrusted: boolean } | undefined;
}

const dayMs = 86_400_000;

const dependency = ({ status, fault, latencyMs, checkedAt }: DependencyState) => ({
  status,
  fault,
  latency_ms: latencyMs,
  checked_at: checkedAt.toISOString(),
});

/** The health document and what an operator wants to see beside it. Never a host name, a DSN or an error's text. */
export function detailedDocument(inputs: DetailInputs): Health & { readonly details: object } {
  const { database, redis, migrations, now, startedAt, maintenance, cache } = inputs;
  return {
    ...healthDocument(inputs),
    details: {
      database: {
        ...dependency(database),
        pool: poolNow(inputs),
        replicas: inputs.replicas.map(replicaNow),
        migrations,
      },
      redis: redis === undefined ? { status: 'disabled' } : dependency(redis),
      cache:
        cache === undefined
          ? { status: 'disabled' }
          : { status: cache.isTrusted ? 'trusted' : 'untrusted', users: cache.users },
      certificates: certificateDays(inputs),
      maintenance: maintenanceState(maintenance),
      process: {
        uptime_seconds: Math.round((now.getTime() - startedAt.getTime()) / 1000),
        memory_bytes: process.memoryUsage.rss(),
      },
    },
  };
}

const replicaNow = ({ number, fault, lagSeconds }: ReplicaState) => ({
  number,
  status: fault === null ? 'healthy' : 'unhealthy',
  fault,
  lag_seconds:
    lagSeconds === null || !Number.isFinite(lagSeconds) ? null : Math.round(lagSeconds * 1_000) / 1_000,
});

/** The certificates in use, and the whole days that each has left. */
export const certificateDays = ({ certificates, now }: Pick<DetailInputs, 'certificates' | 'now'>) =>
  certificates.map(({ name, notAfter }) => ({
    name,
    not_after: notAfter.toISOString(),
    days_remaining: Math.floor((notAfter.getTime() - now.getTime()) / dayMs),
  }));

export const poolNow = ({ pool }: Pick<DetailInputs, 'pool'>) => ({
  active: pool.active(),
  idle: pool.idle(),
  waiting: pool.waiting(),
  max: pool.max,
});

/** Maintenance as operators are shown it. */
export const maintenanceState = (maintenance: Maintenance | undefined) => ({
  is_on: maintenance !== undefined,
  message: maintenance?.message ?? null,
  until: maintenance?.until ?? null,
  started_at: maintenance?.startedAt ?? null,
  started_by: maintenance?.startedBy ?? null,
});
