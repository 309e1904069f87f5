import { expect, test } from 'vitest';
import { quantile, samplesOf, total } from './samples.ts';

const text = `# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{method="GET",path="/a \\"b\\""} 3
requests_total{method="POST",path="/c"} 4
up 1
wait_seconds_bucket{le="0.1"} 50
wait_seconds_bucket{le="0.5"} 90
wait_seconds_bucket{le="+Inf"} 100
`;

test('samples have names, labels and values', () => {
  expect(samplesOf(text).slice(0, 3)).toEqual([
    { name: 'requests_total', labels: { method: 'GET', path: '/a \\"b\\"' }, value: 3 },
    { name: 'requests_total', labels: { method: 'POST', path: '/c' }, value: 4 },
    { name: 'up', labels: {}, value: 1 },
  ]);
});

test('totals are over what is wanted, and undefined where there is nothing', () => {
  const samples = samplesOf(text);
  expect(total(samples, 'requests_total')).toBe(7);
  expect(total(samples, 'requests_total', ({ method }) => method === 'GET')).toBe(3);
  expect(total(samples, 'nothing')).toBeUndefined();
});

test.each([
  [0.25, 0.05],
  [0.5, 0.1],
  [0.7, 0.3],
  [0.9, 0.5],
  [0.99, 0.5],
])('the quantile %f is %f, as Prometheus has it', (share, seconds) => {
  expect(quantile(samplesOf(text), 'wait_seconds', share)).toBeCloseTo(seconds, 9);
});

test('of nothing counted there is no quantile', () => {
  expect(quantile([], 'wait_seconds', 0.95)).toBeUndefined();
  expect(quantile(samplesOf('w_bucket{le="+Inf"} 0\n'), 'w', 0.95)).toBeUndefined();
});
