import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The pool at this moment. */
export interface PoolGauges {
  readonly active: () => number;
  readonly idle: () => number;
  readonly waiting: () => number;
  readonly max: number;
}

/** What a pool is at this moment. */
export const poolGauges = (pool: {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max: number };
}): PoolGauges => ({
  active: () => pool.totalCount - pool.idleCount,
  idle: () => pool.idleCount,
  waiting: () => pool.waitingCount,
  max: pool.options.max,
});

/** Connections, and what waiting for them costs. */
export function databaseMetrics(registry: Registry, pool: PoolGauges) {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('database_connections_active', 'Connections to the database that are in use.', pool.active);
  gauge('database_connections_max', 'The most connections that the pool may open.', () => pool.max);
  gauge('db_pool_idle', 'Connections to the database that wait for work.', pool.idle);
  gauge('db_pool_waiting', 'Requests that wait for a connection.', pool.waiting);
  const wait = new Histogram({
    name: 'db_pool_wait_seconds',
    help: 'Time a request waited for a connection.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2],
    registers,
  });
  const timeouts = new Counter({
    name: 'db_pool_timeouts_total',
    help: 'Requests that were given no connection in time.',
    registers,
  });
  const audited = new Counter({
    name: 'audit_events_total',
    help: 'Entries added to the audit trail, by action.',
    labelNames: ['action'],
    registers,
  });
  return {
    connectionAcquired: (seconds: number): void => wait.observe(seconds),
    connectionRefused: (): void => timeouts.inc(),
    changeRecorded: (action: string): void => audited.inc({ action }),
  };
}
