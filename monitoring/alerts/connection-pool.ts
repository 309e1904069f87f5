import { type Alert, explainedByOutage } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const labels = { job: 'brownie-api', instance: 'a:8080' };
const pool = (...active: readonly (readonly [number, number])[]) => ({
  series: {
    'database_connections_active{job="brownie-api",instance="a:8080"}': gauge(...active),
    'database_connections_max{job="brownie-api",instance="a:8080"}': gauge([50, 60]),
  },
});
const usage = `database_connections_active{${job}} / database_connections_max{${job}}`;

export const connectionPoolExhaustion: Alert = {
  name: 'ConnectionPoolExhaustion',
  team: 'database',
  summary: 'The connection pool is nearly exhausted',
  condition: 'more than 90 % of the pool for 2 minutes',
  description:
    '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of the connections that it may open.',
  why:
    'Above 90 % the next burst waits, and a request that waits for METADATA_POSTGRES_ACQUIRE_TIMEOUT_MS is answered 503. Two ' +
    'minutes are longer than a burst that the overflow is there for.',
  nextSteps: [
    'See whether statements are slow or blocked: then they hold the connections, and a larger pool makes it worse',
    'If they are fast and many: add an instance, within max_connections of the server',
    'Only then raise METADATA_POSTGRES_MAX_OVERFLOW',
  ],
  dashboard: 'database',
  rules: [{ expr: `${usage} > 0.9`, for: '2m', severity: 'warning' }],
  inhibitedBy: explainedByOutage,
  cases: {
    fires: fires('7m', pool([10, 5], [46, 20]), { labels, value: '92%' }),
    quietJustBelow: quiet('20m', pool([45, 30])),
    quietBeforeFor: quiet('6m45s', pool([10, 5], [46, 20])),
    resolves: quiet('15m', pool([46, 15], [10, 20])),
    noData: quietWithoutData,
    noTraffic: quiet('20m', pool([0, 30])),
  },
};

export const connectionPoolUsageHigh: Alert = {
  name: 'ConnectionPoolUsageHigh',
  team: 'database',
  summary: 'The connection pool is in heavy use',
  condition: 'more than 80 % of the pool for 10 minutes',
  description:
    '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of the connections that it may open.',
  why:
    'The lower tier of ConnectionPoolExhaustion: 80 % for 10 minutes is no burst but the new normal, and there is time to ' +
    'plan for it.',
  nextSteps: [
    'Compare with the request rate: has the load grown, or have statements become slower?',
    'Look for long statements and idle transactions in pg_stat_activity',
    'Plan another instance, within max_connections of the server',
  ],
  dashboard: 'database',
  rules: [{ expr: `${usage} > 0.8`, for: '10m', severity: 'warning' }],
  inhibitedBy: [...explainedByOutage, { by: 'ConnectionPoolExhaustion', equal: ['instance'] }],
  cases: {
    fires: fires('15m', pool([10, 5], [41, 20]), { labels, value: '82%' }),
    quietJustBelow: quiet('20m', pool([40, 30])),
    quietBeforeFor: quiet('14m45s', pool([10, 5], [41, 20])),
    resolves: quiet('25m', pool([41, 25], [10, 20])),
    noData: quietWithoutData,
    noTraffic: quiet('20m', pool([0, 30])),
  },
};
