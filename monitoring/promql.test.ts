import { describe, expect, test } from 'vitest';
import { alerts, recordingGroups } from './catalogue.ts';
import { labelsOf, metricsOf, parsePromql, tokenize, withMatcher } from './promql.ts';

const of = (kind: string, expr: string): string[] =>
  tokenize(expr)
    .filter((token) => token.kind === kind)
    .map(({ text }) => text);

describe('an expression', () => {
  const expr =
    'histogram_quantile(0.95, sum by (le, instance) (rate(a_bucket{job="x",le!~"1|2"}[5m] offset 1h))) > 2 and\nb:c:rate5m[3d:1h] >= bool 1e3';

  test.each([
    ['metric', ['a_bucket', 'b:c:rate5m']],
    ['label', ['le', 'instance']],
    ['matcher', ['job="x"', 'le!~"1|2"']],
    ['number', ['0.95', '2', '1e3']],
    ['duration', ['5m', '1h', '3d', '1h']],
  ])('is taken apart: %s', (kind, expected) => {
    expect(of(kind, expr)).toEqual(expected);
  });

  test('has its tokens where they say', () => {
    for (const { text, start, end } of tokenize(expr)) {
      expect(expr.slice(start, end)).toBe(text);
    }
  });

  test('names what follows on, ignoring and unless', () => {
    const joined =
      'a unless on (instance, status) label_replace(max_over_time(d{job="x"}[5m]) == 1, "status", "503", "", "")';
    expect(metricsOf(joined)).toEqual(['a', 'd']);
    expect(labelsOf(joined)).toEqual(['instance', 'status', 'job']);
  });
});

test.each([
  ['a', 'a{x="y"}'],
  ['a{}', 'a{x="y"}'],
  ['sum(rate(a{b="c"}[5m])) / d', 'sum(rate(a{x="y",b="c"}[5m])) / d{x="y"}'],
  ['vector(1)', 'vector(1)'],
])('%s with one more matcher', (expr, expected) => {
  expect(withMatcher(expr, 'x="y"')).toBe(expected);
});

test.each(['rate(a[5m]', 'sum by le (a)', 'a{job=x}', 'frobnicate(a)'])('%j is refused', (expr) => {
  expect(() => parsePromql(expr)).toThrow('no PromQL');
});

test('a variable of Grafana is no token', () => {
  expect(tokenize('rate(a{x="$y"}[$__rate_interval])').map(({ text }) => text)).toEqual(['a', 'x="$y"']);
});

test('every rule but the Watchdog reads a metric', () => {
  const exprs = [
    ...recordingGroups.flatMap(({ recordings }) => recordings.map(({ name, expr }) => [name, expr] as const)),
    ...alerts.flatMap(({ name, rules }) => rules.map(({ expr }) => [name, expr] as const)),
  ];
  expect(exprs.filter(([, expr]) => metricsOf(expr).length === 0).map(([name]) => name)).toEqual([
    'Watchdog',
  ]);
});
