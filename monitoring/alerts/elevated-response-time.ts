import { type Alert, explainedByOutage } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { served } from '../selectors.ts';
import { histogram } from '../series.ts';

const metric = 'http_request_duration_seconds';
const slow = (perMinute: number, fast = 100 - perMinute) => ({
  series: histogram(metric, { '0.5': [[fast, 40]], 1: [[0, 40]], 2: [[perMinute, 40]] }),
});
const slows = {
  series: histogram(metric, {
    '0.5': [
      [100, 5],
      [92, 15],
      [100, 20],
    ],
    1: [
      [0, 5],
      [0, 15],
      [0, 20],
    ],
    2: [
      [0, 5],
      [8, 15],
      [0, 20],
    ],
  }),
};

export const elevatedResponseTime: Alert = {
  name: 'ElevatedResponseTime',
  team: 'oncall',
  slo: 'latency',
  summary: 'Responses are slow',
  condition: 'P95 above 1 s for 5 minutes',
  description:
    'The slowest 5 % of requests take longer than {{ $value | humanizeDuration }} (P95 of the last 5 minutes).',
  why:
    'The lower tier of HighResponseTime: more than 1 s for 5 minutes is worth a look in working hours, before it becomes ' +
    'a page. At least 20 requests, for below that one slow request is the percentile.',
  nextSteps: [
    'See on the dashboard which endpoint is slow, and since when',
    'Compare with waits for a connection and with event loop lag: they say where the time goes',
    'Look for long statements in pg_stat_activity',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: [
        `histogram_quantile(0.95, sum by (environment, le) (rate(${metric}_bucket{${served}}[5m]))) > 1`,
        `and sum by (environment) (increase(${metric}_count{${served}}[5m])) >= 20`,
      ].join('\n'),
      for: '5m',
      severity: 'warning',
    },
  ],
  inhibitedBy: [...explainedByOutage, { by: 'HighResponseTime' }],
  cases: {
    fires: fires('14m', slows, { value: '1.375s' }),
    quietJustBelow: quiet('20m', slow(4.9)),
    quietBeforeFor: quiet('13m', slows),
    resolves: quiet('22m', slows),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: histogram(metric, { '0.5': [[0, 40]], 1: [[0, 40]], 2: [[0, 40]] }) }),
    more: {
      'just above': fires('20m', slow(5.5), { value: '1.091s' }),
      'between half a second and one': quiet('20m', {
        series: histogram(metric, { '0.5': [[0, 40]], 1: [[96, 40]], 2: [[4, 40]] }),
      }),
      'all of 19 requests slow': quiet('20m', slow(3.8, 0)),
      'all of 21 requests slow': fires('20m', slow(4.2, 0), { value: '1.95s' }),
    },
  },
};
