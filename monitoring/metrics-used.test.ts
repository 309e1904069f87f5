import { describe, expect, test } from 'vitest';
import { labelsByMetric, metricsUsed } from './metrics-used.ts';

describe('the labels of a metric', () => {
  test('are those that it is selected and grouped by, not those of its neighbours', () => {
    const found = labelsByMetric([
      'histogram_quantile(0.9, sum by (le, job) (rate(a_bucket{x="1"}[5m]))) > 2 and sum(increase(b{y!~"(z)"}[5m])) > 1',
      'max by (name) (c) - time()',
    ]);
    expect(found).toEqual(
      new Map([
        ['a_bucket', new Set(['x', 'le', 'job'])],
        ['b', new Set(['y'])],
        ['c', new Set(['name'])],
      ]),
    );
  });
});

describe('what the rules need of a scrape', () => {
  test('has the metrics of the guide, with their labels', () => {
    expect(metricsUsed.get('http_requests_total')).toEqual(new Set(['endpoint', 'status']));
    expect(metricsUsed.get('http_request_duration_seconds_bucket')).toEqual(new Set(['endpoint', 'le']));
    expect(metricsUsed.get('brownie_health_status')).toEqual(new Set(['dependency']));
    expect(metricsUsed.get('tls_certificate_not_after_timestamp_seconds')).toEqual(new Set(['name']));
    expect(metricsUsed.get('authentication_failures_total')).toEqual(new Set());
  });

  test('has nothing that Prometheus makes itself', () => {
    expect([...metricsUsed.keys()].filter((name) => name === 'up' || name.includes(':'))).toEqual([]);
  });
});
