import { type Alert, explainedByOutage } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { failed, failures, served } from '../selectors.ts';
import { counter, requests } from '../series.ts';

const breaks = {
  series: requests(
    [[1000, 30]],
    [
      [0, 5],
      [60, 10],
      [0, 15],
    ],
  ),
};
const drained = (draining: string) => ({
  series: {
    ...requests([[1000, 30]], [[0, 30]]),
    'http_requests_total{job="brownie-api",instance="b:8080",method="GET",endpoint="/api/v1/users/:user_id",status="503"}':
      counter([200, 30]),
    'draining{job="brownie-api",instance="b:8080"}': draining,
  },
});

export const highErrorRate: Alert = {
  name: 'HighErrorRate',
  team: 'oncall',
  slo: 'availability',
  summary: 'High error rate detected',
  description:
    '{{ $value | humanizePercentage }} of the requests of the last 5 minutes failed with a 5xx status.',
  why:
    'More than 5 % of all requests, summed before they are divided: by series every error is 100 % of itself. At least 5 ' +
    'errors in 5 minutes, so that one error in a quiet night wakes nobody. Two minutes outlive a deployment. Less than 5 % ' +
    'is for ErrorBudgetBurn. It keeps firing for 5 minutes more, so that an error rate about the threshold is one page.',
  nextSteps: [
    'See which endpoints and instances fail: the first panels of the dashboard',
    'If everything fails with 503, it is the database: follow DatabaseDown',
    'If it began with a deployment, go back to the version before',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: [
        `sum(${failures('5m')}) / sum(rate(http_requests_total{${served}}[5m])) > 0.05`,
        `and sum(increase(http_requests_total{${failed}}[5m])) >= 5`,
      ].join('\n'),
      for: '2m',
      keepFiringFor: '5m',
      severity: 'critical',
    },
  ],
  inhibitedBy: explainedByOutage,
  cases: {
    fires: fires('12m', breaks, { value: '5.66%' }),
    quietJustBelow: quiet('20m', { series: requests([[1000, 30]], [[49, 30]]) }),
    quietBeforeFor: quiet('11m15s', breaks),
    resolves: quiet('21m', breaks),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: requests([[0, 30]], [[0, 30]]) }),
    more: {
      'just above': fires('20m', { series: requests([[1000, 30]], [[55, 30]]) }, { value: '5.213%' }),
      'one error among 600,000 requests': quiet('9m', {
        series: requests(
          [[100_000, 20]],
          [
            [0, 7],
            [1, 1],
            [0, 12],
          ],
        ),
      }),
      'one error and nothing else': quiet('10m', {
        series: requests(
          [[0, 30]],
          [
            [0, 5],
            [1, 1],
            [0, 24],
          ],
        ),
      }),
      'every request fails, one a minute': fires(
        '20m',
        { series: requests([[0, 30]], [[1, 30]]) },
        { value: '100%' },
      ),
      'keeps firing for 5 minutes': fires('20m45s', breaks, { value: '5.66%' }),
      'a drained instance answers 503': quiet('20m', drained('1x30')),
      'the same 503 where nothing is drained': fires('20m', drained('0x30'), { value: '16.67%' }),
    },
  },
};
