import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Why an authentication failed. */
export const authenticationFailureReasons = [
  'missing_token',
  'invalid_token',
  'inactive_user',
  'wrong_credentials',
] as const;
export type AuthenticationFailureReason = (typeof authenticationFailureReasons)[number];

export interface PoolGauges {
  readonly active: () => number;
  readonly max: number;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** The metrics of the operations guide, by its names, in a registry of their own. */
export function createMetrics(pool: PoolGauges) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const failures = new Counter({
    name: 'authentication_failures_total',
    help: 'Requests and logins that could not be authenticated, by reason.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of authenticationFailureReasons) {
    failures.inc({ reason }, 0);
  }
  new Gauge({
    name: 'database_connections_active',
    help: 'Connections to the database that are in use.',
    registers,
    collect() {
      this.set(pool.active());
    },
  });
  new Gauge({
    name: 'database_connections_max',
    help: 'The most connections that the pool may open.',
    registers,
  }).set(pool.max);

  return {
    registry,
    requests: new Counter({
      name: 'http_requests_total',
      help: 'HTTP requests by method, route template and status.',
      labelNames: ['method', 'endpoint', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of its reply.',
      labelNames: ['method', 'endpoint'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
      registers,
    }),
    tokensIssued: new Counter({
      name: 'jwt_tokens_issued_total',
      help: 'Access tokens issued by sign-up and login.',
      registers,
    }),
    authenticationFailed: (reason: AuthenticationFailureReason): void => failures.inc({ reason }),
  };
}
