import { type Alert, explainedByOutage } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { histogram } from '../series.ts';

const metric = 'db_pool_wait_seconds';
const labels = 'job="brownie-api",instance="a:8080"';
const waits = (perMinute: number, instant = 100 - perMinute) => ({
  series: histogram(metric, { '0.001': [[instant, 40]], '0.1': [[0, 40]], '0.5': [[perMinute, 40]] }, labels),
});
const waitsForAWhile = {
  series: histogram(
    metric,
    {
      '0.001': [
        [100, 5],
        [92, 15],
        [100, 20],
      ],
      '0.1': [
        [0, 5],
        [0, 15],
        [0, 20],
      ],
      '0.5': [
        [0, 5],
        [8, 15],
        [0, 20],
      ],
    },
    labels,
  ),
};
const instance = { instance: 'a:8080' };

export const poolWait: Alert = {
  name: 'PoolWait',
  team: 'database',
  summary: 'Requests wait for a database connection',
  condition: 'P95 of the wait for a connection above 100 ms for 5 minutes',
  description:
    'On {{ $labels.instance }} one request in twenty waits longer than {{ $value | humanizeDuration }} for a connection.',
  why:
    'A free connection is had in microseconds, a new one in some milliseconds. 100 ms (an edge of the histogram) at the 95th ' +
    'percentile for 5 minutes means a queue, and clients feel it. Waiting tells more than the count of connections in use: a ' +
    'full pool that nobody waits for is well sized.',
  nextSteps: [
    'Look for slow or blocked statements: they are the usual reason',
    'See whether the number of instances times their pool has reached max_connections of the server',
    'Add an instance if statements are fast and the server has connections to give',
  ],
  dashboard: 'database',
  rules: [
    {
      expr: `histogram_quantile(0.95, sum by (environment, instance, le) (rate(${metric}_bucket{${job}}[5m]))) > 0.1`,
      for: '5m',
      severity: 'warning',
    },
  ],
  inhibitedBy: explainedByOutage,
  cases: {
    fires: fires('14m', waitsForAWhile, { labels: instance, value: '250ms' }),
    quietJustBelow: quiet('20m', waits(4.9)),
    quietBeforeFor: quiet('13m', waitsForAWhile),
    resolves: quiet('22m', waitsForAWhile),
    noData: quietWithoutData,
    noTraffic: quiet('20m', waits(0, 0)),
    more: {
      'just above': fires('20m', waits(5.5), { labels: instance, value: '136.4ms' }),
      'between 50 and 100 milliseconds': quiet('20m', {
        series: histogram(metric, { '0.05': [[0, 40]], '0.1': [[100, 40]] }, labels),
      }),
      'new connections, and nobody waits longer': quiet('20m', waits(0, 100)),
    },
  },
};
