import type { DependencyState } from './dependency-monitor.ts';

/** What health is told from. */
export interface HealthInputs {
  readonly version: string;
  readonly now: Date;
  readonly database: DependencyState;
  /** Undefined where Redis is not configured. */
  readonly redis: DependencyState | undefined;
}

export type ServiceStatus = 'healthy' | 'degraded' | 'unhealthy';

/** The health document of the operations guide, with the top-level `database` that v1 clients read. */
export interface Health {
  readonly status: ServiceStatus;
  /** UTC, whole seconds. */
  readonly timestamp: string;
  readonly version: string;
  readonly database: string;
  readonly dependencies: { readonly database: string; readonly redis: string };
}

/** Unhealthy without the database, degraded where only Redis is gone. */
export function statusOf({ database, redis }: Pick<HealthInputs, 'database' | 'redis'>): ServiceStatus {
  if (database.status === 'unhealthy') {
    return 'unhealthy';
  }
  return redis?.status === 'unhealthy' ? 'degraded' : 'healthy';
}

/** The HTTP status that says the same: load balancers read nothing else. */
export const httpStatusOf = (status: ServiceStatus): 200 | 503 => (status === 'unhealthy' ? 503 : 200);

export function healthDocument(inputs: HealthInputs): Health {
  const { version, now, database, redis } = inputs;
  return {
    status: statusOf(inputs),
    timestamp: `${now.toISOString().slice(0, 19)}Z`,
    version,
    database: database.status,
    dependencies: { database: database.status, redis: redis?.status ?? 'disabled' },
  };
}

const ietfStatus: Readonly<Record<ServiceStatus, string>> = {
  healthy: 'pass',
  degraded: 'warn',
  unhealthy: 'fail',
};

/** The form of draft-inadarei-api-health-check-06, for `Accept: application/health+json`. */
export function ietfDocument(inputs: HealthInputs): object {
  const { version, database, redis } = inputs;
  return {
    status: ietfStatus[statusOf(inputs)],
    version: version.split('.')[0],
    releaseId: version,
    serviceId: 'brownie-metadata-api',
    checks: {
      'postgres:responseTime': [ietfCheck(database)],
      ...(redis === undefined ? {} : { 'redis:responseTime': [ietfCheck(redis)] }),
    },
  };
}

const ietfCheck = ({ status, latencyMs, checkedAt }: DependencyState) => ({
  componentType: 'datastore',
  observedValue: latencyMs,
  observedUnit: 'ms',
  status: status === 'healthy' ? 'pass' : 'fail',
  time: checkedAt.toISOString(),
});
