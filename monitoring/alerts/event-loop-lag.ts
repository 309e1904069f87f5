import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const labels = { job: 'brownie-api', instance: 'a:8080' };
const lags = (...phases: readonly (readonly [number, number])[]) => ({
  series: { 'nodejs_eventloop_lag_p99_seconds{job="brownie-api",instance="a:8080"}': gauge(...phases) },
});
const lagsForAWhile = lags([0.01, 10], [0.28, 15], [0.01, 20]);

export const eventLoopLag: Alert = {
  name: 'EventLoopLag',
  team: 'infrastructure',
  summary: 'The event loop is late',
  condition: 'above 200 ms for 5 minutes',
  description:
    'On {{ $labels.instance }} every request may wait {{ $value | humanizeDuration }} before anything is done for it.',
  why:
    'The 99th percentile of the delay of the event loop is about 11 ms when idle and below 50 ms under load that is well borne. At ' +
    '200 ms health checks with short deadlines begin to fail. The mean of 5 minutes for 5 minutes: one long pause is no alert.',
  nextSteps: [
    'Compare with CPU usage: near 100 % of a core it is load, so add an instance',
    'With memory near its limit it is garbage collection: see HighMemoryUsage',
    'With neither, the machine is overcommitted, or frozen for moments: ask its owner',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: `avg_over_time(nodejs_eventloop_lag_p99_seconds{${job}}[5m]) > 0.2`,
      for: '5m',
      severity: 'warning',
    },
  ],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('19m', lagsForAWhile, { labels, value: '280ms' }),
    quietJustBelow: quiet('30m', lags([0.19, 60])),
    quietBeforeFor: quiet('18m', lagsForAWhile),
    resolves: quiet('29m', lagsForAWhile),
    noData: quietWithoutData,
    noTraffic: quiet('30m', lags([0.011, 60])),
    more: {
      'just above': fires('30m', lags([0.21, 60]), { labels, value: '210ms' }),
    },
  },
};
