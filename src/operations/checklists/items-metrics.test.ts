import { expect, test } from 'vitest';
import { keyMetrics } from './items-metrics.ts';
import type { InstanceMetrics } from './metrics.ts';

const metrics: InstanceMetrics = {
  url: 'http://a',
  uptimeMinutes: 1,
  requests: 1_000,
  errors: 0,
  refused: 0,
  p95: 0.1,
  mean: 0.1,
  poolWait: 0,
  eventLoopLag: 0,
  poolShare: 0.1,
  tokensPerMinute: 0,
  failuresPerMinute: 0,
  failuresByReason: [],
};
const wrong = (changed: Partial<InstanceMetrics>) =>
  keyMetrics({ ...metrics, ...changed }).flatMap(({ line, isFine }) => (isFine ? [] : [line]));

test.each([
  [{ errors: 51 }, ['http://a: 1000 requests in 1 minute, 51 errors with 5xx (5.1 %)']],
  [{ errors: 50 }, []],
  [{ p95: 1.1 }, ['http://a: P95 1100 ms']],
  [{ p95: 1 }, []],
])('%j', (changed, lines) => {
  expect(wrong(changed)).toEqual(lines);
});

test('a few requests tell nothing: fewer than 5 errors of any number, the slowest of fewer than 20', () => {
  expect(wrong({ requests: 3, errors: 1 })).toEqual([]);
  expect(wrong({ requests: 4, errors: 4 })).toEqual([]);
  expect(wrong({ requests: 5, errors: 5 })).toHaveLength(1);
  expect(wrong({ requests: 19, p95: 5 })).toEqual([]);
  expect(wrong({ requests: 20, p95: 5 })).toHaveLength(1);
});

test('changes that maintenance refused are told', () => {
  const lines = keyMetrics({ ...metrics, refused: 1 }).map(({ line }) => line);
  expect(lines).toContain('http://a: 1 change refused because of maintenance: no errors');
  expect(keyMetrics(metrics).map(({ line }) => line)).not.toContainEqual(expect.stringContaining('refused'));
});
