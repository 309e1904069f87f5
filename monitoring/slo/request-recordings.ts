import type { Recording } from '../recording.ts';
import { failed, failures, fast, served } from '../selectors.ts';
import { counter, histogram, type Phase, requests } from '../series.ts';

const window = '2m';
const duration = 'http_request_duration_seconds';
const on = (instance: string) => (status: string, phases: readonly Phase[]) => ({
  [`http_requests_total{job="brownie-api",instance="${instance}:8080",method="GET",endpoint="/api/v1/users/:user_id",status="${status}"}`]:
    counter(...phases),
});
const onA = on('a');
const onB = on('b');
const draining = (values: string) => ({ 'draining{job="brownie-api",instance="b:8080"}': values });
const maintenance = (values: string) => ({
  'maintenance_mode{job="brownie-api",instance="b:8080"}': values,
});

/** Requests a second, from the first. Two minutes hold two scrapes even of a Prometheus that takes one a minute. */
const requestRate: Recording = {
  name: 'brownie:http_requests:rate2m',
  expr: `sum by (environment) (rate(http_requests_total{${served}}[${window}]))`,
  cases: {
    'a minute after requests began': {
      series: requests(
        [
          [0, 10],
          [600, 10],
        ],
        [[0, 20]],
      ),
      at: '11m',
      expr: 'round(brownie:http_requests:rate2m * 100)',
      value: 500,
    },
  },
};

const errorRate: Recording = {
  name: 'brownie:http_errors:rate2m',
  expr: `sum by (environment) (${failures(window)})\nor 0 * sum by (environment) (rate(http_requests_total{${served}}[${window}]))`,
  cases: {
    'a minute after errors began': {
      series: requests(
        [[600, 20]],
        [
          [0, 10],
          [600, 10],
        ],
      ),
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 500,
    },
    'without any series of errors it is 0': {
      series: onB('200', [[600, 20]]),
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 0,
    },
    'at a moment that holds one scrape in a minute, it is 0, too': {
      series: onB('200', [[600, 20]]),
      at: '11m30s',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 0,
    },
    'a minute and a half after the last scrape it is nothing': {
      series: onB('200', [[600, 10]]),
      at: '11m30s',
      expr: 'absent(brownie:http_errors:rate2m)',
      value: 1,
    },
    'where nothing but probes is served it is nothing': {
      series: {
        'http_requests_total{job="brownie-api",instance="b:8080",method="GET",endpoint="/health",status="200"}':
          counter([600, 20]),
      },
      at: '11m',
      expr: 'absent(brownie:http_errors:rate2m)',
      value: 1,
    },
    'without a service it is nothing': {
      series: {},
      at: '11m',
      expr: 'absent(brownie:http_errors:rate2m)',
      value: 1,
    },
    '503 of another instance than the drained one is an error': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onA('503', [[600, 20]]), ...draining('1x20') },
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 1000,
    },
    'a login that is not configured is no error': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onB('501', [[600, 20]]) },
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 0,
    },
    '503 of an instance that is drained is no error': {
      series: { ...requests([[600, 20]], [[60, 20]]), ...onB('503', [[600, 20]]), ...draining('0x9 1x10') },
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 100,
    },
    '503 of an instance in maintenance is no error': {
      series: {
        ...requests([[600, 20]], [[60, 20]]),
        ...onB('503', [[600, 20]]),
        ...maintenance('0x9 1x10'),
      },
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 100,
    },
    '500 of an instance in maintenance is one': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onB('500', [[600, 20]]), ...maintenance('1x20') },
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 1000,
    },
    'maintenance is over for two minutes and a half': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onB('503', [[600, 20]]), ...maintenance('1x10 0x9') },
      at: '12m30s',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 1000,
    },
    'maintenance was over a minute and a half ago': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onB('503', [[600, 20]]), ...maintenance('1x10 0x9') },
      at: '11m30s',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 0,
    },
    '500 of an instance that is drained is one': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onB('500', [[600, 20]]), ...draining('1x20') },
      at: '11m',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 1000,
    },
    'the drain is over for two minutes and a half': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onB('503', [[600, 20]]), ...draining('1x10 0x9') },
      at: '12m30s',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 1000,
    },
    'the drain was over a minute and a half ago': {
      series: { ...requests([[600, 20]], [[0, 20]]), ...onB('503', [[600, 20]]), ...draining('1x10 0x9') },
      at: '11m30s',
      expr: 'round(brownie:http_errors:rate2m * 100)',
      value: 0,
    },
  },
};

const slowRate: Recording = {
  name: 'brownie:http_slow_requests:rate2m',
  expr: `sum by (environment) (rate(${duration}_count{${served}}[${window}]))\n- sum by (environment) (rate(${duration}_bucket{${fast}}[${window}]))`,
  cases: {
    'a minute after requests became slow': {
      series: histogram(duration, {
        '0.5': [
          [0, 10],
          [300, 10],
        ],
        1: [
          [0, 10],
          [60, 10],
        ],
        2: [
          [0, 10],
          [240, 10],
        ],
      }),
      at: '11m',
      expr: 'round(brownie:http_slow_requests:rate2m * 100)',
      value: 200,
    },
    'as Prometheus 3 writes the edge': {
      series: histogram(duration, { '0.5': [[300, 20]], '1.0': [[60, 20]], '2.0': [[240, 20]] }),
      at: '11m',
      expr: 'round(brownie:http_slow_requests:rate2m * 100)',
      value: 400,
    },
  },
};

const growing = requests(
  [[600, 180]],
  [
    [2, 120],
    [10, 60],
  ],
);

/** Bad requests in a window, straight from the counters: alerts ask for a least count. */
const errorCount = (hours: 1 | 6): Recording => ({
  name: `brownie:http_errors:increase${hours}h`,
  expr: `sum by (environment) (increase(http_requests_total{${failed}}[${hours}h]))`,
  cases: {
    'two phases': {
      series:
        hours === 1
          ? growing
          : requests(
              [[600, 960]],
              [
                [2, 720],
                [10, 240],
              ],
            ),
      at: hours === 1 ? '150m' : '900m',
      evaluation: hours === 1 ? '30m' : '3h',
      expr: `round(brownie:http_errors:increase${hours}h)`,
      value: hours === 1 ? 360 : 2160,
    },
    'a login that is not configured is no error': {
      series: { ...requests([[600, 960]], [[1, 960]]), ...onB('501', [[600, 960]]) },
      at: '900m',
      evaluation: '3h',
      expr: `round(brownie:http_errors:increase${hours}h)`,
      value: hours * 60,
    },
  },
});

const slowCount = (hours: 1 | 6): Recording => ({
  name: `brownie:http_slow_requests:increase${hours}h`,
  expr:
    `sum by (environment) (increase(${duration}_count{${served}}[${hours}h]))\n` +
    `- sum by (environment) (increase(${duration}_bucket{${fast}}[${hours}h]))`,
  cases: {
    'two phases': {
      series: histogram(duration, {
        '0.5': [
          [100, 120 * hours],
          [200, 60 * hours],
        ],
        1: [
          [50, 120 * hours],
          [80, 60 * hours],
        ],
        2: [
          [2, 120 * hours],
          [10, 60 * hours],
        ],
      }),
      at: `${150 * hours}m`,
      evaluation: '30m',
      expr: `round(brownie:http_slow_requests:increase${hours}h)`,
      value: 360 * hours,
    },
  },
});

export const requestRecordings: readonly Recording[] = [
  requestRate,
  errorRate,
  slowRate,
  errorCount(1),
  errorCount(6),
  slowCount(1),
  slowCount(6),
];
