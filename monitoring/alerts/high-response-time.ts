import { type Alert, explainedByOutage, outages } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { served, unlessFired } from '../selectors.ts';
import { histogram } from '../series.ts';

const metric = 'http_request_duration_seconds';
const slow = (perMinute: number, fast = 100 - perMinute) => ({
  series: histogram(metric, { 1: [[fast, 30]], 2: [[0, 30]], 5: [[perMinute, 30]] }),
});
const besideDatabaseDown = (values: string) => ({
  series: {
    ...slow(100).series,
    'ALERTS{alertname="DatabaseDown",alertstate="firing",severity="critical",team="database"}': values,
  },
});
const slows = {
  series: histogram(metric, {
    1: [
      [100, 5],
      [92, 8],
      [100, 20],
    ],
    2: [
      [0, 5],
      [0, 8],
      [0, 20],
    ],
    5: [
      [0, 5],
      [8, 8],
      [0, 20],
    ],
  }),
};

export const highResponseTime: Alert = {
  name: 'HighResponseTime',
  team: 'oncall',
  slo: 'latency',
  summary: 'Responses are very slow',
  condition: 'P95 above 2 s for 2 minutes',
  description:
    'The slowest 5 % of requests take longer than {{ $value | humanizeDuration }} (P95 of the last 5 minutes).',
  why:
    'The 95th percentile over all instances; 2 s is an edge of the histogram, so the comparison is exact. At least 20 requests, ' +
    'for below that one slow request is the percentile. Two minutes outlive a cold cache. An outage pages for itself: what was slow ' +
    'in it does not count, nor for 6 minutes after it, while the window remembers it.',
  nextSteps: [
    'See whether requests wait for the database (pool, locks) or for the processor (event loop lag)',
    'Look for long statements and locks in pg_stat_activity',
    'If it is load: add an instance; see that the database has connections to give',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: [
        `histogram_quantile(0.95, sum by (environment, le) (rate(${metric}_bucket{${served}}[5m]))) > 2`,
        `and sum by (environment) (increase(${metric}_count{${served}}[5m])) >= 20`,
        unlessFired(outages, '6m'),
      ].join('\n'),
      for: '2m',
      keepFiringFor: '5m',
      severity: 'critical',
    },
  ],
  inhibitedBy: explainedByOutage,
  cases: {
    fires: fires('11m', slows, { value: '3.125s' }),
    quietJustBelow: quiet('20m', slow(4.9)),
    quietBeforeFor: quiet('10m', slows),
    resolves: quiet('20m', slows),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: histogram(metric, { 1: [[0, 30]], 2: [[0, 30]], 5: [[0, 30]] }) }),
    more: {
      'just above': fires('20m', slow(5.5), { value: '2.273s' }),
      'between one and two seconds': quiet('20m', {
        series: histogram(metric, { 1: [[0, 30]], 2: [[96, 30]], 5: [[4, 30]] }),
      }),
      'all of 19 requests slow': quiet('20m', slow(3.8, 0)),
      'all of 21 requests slow': fires('20m', slow(4.2, 0), { value: '4.85s' }),
      'while the database is down': quiet('20m', besideDatabaseDown('1x30')),
      'until 6 minutes after it': quiet('17m', besideDatabaseDown('1x10')),
      'and from then on': fires('19m', besideDatabaseDown('1x10'), { value: '4.85s' }),
      'keeps firing for 5 minutes': fires('19m45s', slows, { value: '2.5s' }),
    },
  },
};
