import { type Alert, explainedByOutage, outages } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { failed, failures, served, unlessFired } from '../selectors.ts';
import { counter, type Phase, requests } from '../series.ts';

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
const answers = (instance: string, status: string, ...phases: readonly Phase[]) => ({
  [`http_requests_total{job="brownie-api",instance="${instance}:8080",method="GET",endpoint="/api/v1/users/:user_id",status="${status}"}`]:
    counter(...phases),
});
/** Instance b, whose 503s are announced by a gauge with these values. */
const announced = (
  gauge: 'draining' | 'maintenance_mode',
  values: string,
  others: Readonly<Record<string, string>> = answers('b', '503', [200, 30]),
) => ({
  series: {
    ...requests([[1000, 30]], [[0, 30]]),
    ...others,
    [`${gauge}{job="brownie-api",instance="b:8080"}`]: values,
  },
});
const besideDatabaseDown = (values: string) => ({
  series: {
    ...requests([[0, 30]], [[60, 30]]),
    'ALERTS{alertname="DatabaseDown",alertstate="firing",severity="critical",team="database"}': values,
  },
});
const drained = (values: string, others?: Readonly<Record<string, string>>) =>
  announced('draining', values, others);
const maintained = (values: string, others?: Readonly<Record<string, string>>) =>
  announced('maintenance_mode', values, others);

export const highErrorRate: Alert = {
  name: 'HighErrorRate',
  team: 'oncall',
  slo: 'availability',
  summary: 'High error rate detected',
  condition: 'more than 5 % with 5xx for 2 minutes',
  description:
    '{{ $value | humanizePercentage }} of the requests of the last 5 minutes failed with a 5xx status.',
  why:
    'More than 5 % of all requests, summed before they are divided: by series every error is 100 % of itself. At least 5 ' +
    'errors in 5 minutes, so that one error in a quiet night wakes nobody. Two minutes outlive a deployment. Less than 5 % ' +
    'is for ErrorBudgetBurn. It keeps firing for 5 minutes more, so that an error rate about the threshold is one page. An ' +
    'outage pages for itself: what failed in it does not count, nor for 6 minutes after it, while the window remembers it.',
  nextSteps: [
    'See which endpoints and instances fail: the first panels of the dashboard',
    'If everything fails with 503, it is the database: follow DatabaseDown',
    'If it began with a deployment, go back to the version before',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: [
        `sum by (environment) (${failures('5m')}) / sum by (environment) (rate(http_requests_total{${served}}[5m])) > 0.05`,
        `and sum by (environment) (increase(http_requests_total{${failed}}[5m])) >= 5`,
        unlessFired(outages, '6m'),
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
      'one that was drained until four minutes ago': {
        ...quiet('14m', drained('1x9 0x20', answers('b', '503', [2000, 10], [0, 20]))),
        at: ['13m45s', '14m', '14m30s'],
      },
      'one that goes on with 503 eight minutes after it was drained': fires('17m', drained('1x9 0x20'), {
        value: '16.67%',
      }),
      'an instance in maintenance answers 503': quiet('20m', maintained('1x30')),
      'one whose maintenance ended four minutes ago': {
        ...quiet('14m', maintained('1x9 0x20', answers('b', '503', [2000, 10], [0, 20]))),
        at: ['13m45s', '14m', '14m30s'],
      },
      'one that goes on with 503 eight minutes after maintenance': fires('17m', maintained('1x9 0x20'), {
        value: '16.67%',
      }),
      'an instance in maintenance answers 500': fires(
        '20m',
        maintained('1x30', answers('b', '500', [200, 30])),
        { value: '16.67%' },
      ),
      'a drained instance answers 500': fires('20m', drained('1x30', answers('b', '500', [200, 30])), {
        value: '16.67%',
      }),
      'another instance than the drained one answers 503': fires(
        '20m',
        drained('1x30', answers('a', '503', [200, 30])),
        { value: '16.67%' },
      ),
      'a login that is not configured, and some errors': quiet('20m', {
        series: { ...requests([[1000, 30]], [[1.2, 30]]), ...answers('a', '501', [200, 30]) },
      }),
      'a login that is not configured, and four errors among few requests': quiet('20m', {
        series: { ...requests([[1, 30]], [[0.8, 30]]), ...answers('a', '501', [10, 30]) },
      }),
      'four errors among few requests': quiet('20m', { series: requests([[10, 30]], [[0.8, 30]]) }),
      'a few errors after everybody has gone': quiet('14m', {
        series: requests(
          [
            [1000, 10],
            [0, 20],
          ],
          [
            [0, 10],
            [10, 20],
          ],
        ),
      }),
      'while the database is down': quiet('20m', besideDatabaseDown('1x30')),
      'until 6 minutes after it': quiet('17m', besideDatabaseDown('1x10')),
      'and from then on': fires('19m', besideDatabaseDown('1x10'), { value: '100%' }),
      'the same 503 where nothing is drained': fires('20m', drained('0x30'), { value: '16.67%' }),
    },
  },
};
