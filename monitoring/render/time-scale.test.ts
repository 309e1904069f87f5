import { describe, expect, test } from 'vitest';
import { alertFile, escalationFile, recordingFile } from './rules.ts';
import { scaled, scaledExpr, scaledRules } from './time-scale.ts';

describe('a duration', () => {
  test.each([
    ['5m', 1, '5m'],
    ['5m', 60, '5s'],
    ['3d', 60, '4320s'],
    ['15s', 60, '1s'],
  ])('%s at %d is %s', (duration, scale, expected) => {
    expect(scaled(duration, scale)).toBe(expected);
  });
});

describe('an expression', () => {
  test('has its windows and offsets divided, not its numbers and names', () => {
    expect(
      scaledExpr(
        'sum(rate(a_5m{b="5m"}[5m])) > 3 * sum(rate(a_5m[1h] offset 10m)) * 60 and c:rate5m[3d:1h]',
        60,
      ),
    ).toBe('sum(rate(a_5m{b="5m"}[5s])) > 3 * sum(rate(a_5m[60s] offset 10s)) * 60 and c:rate5m[4320s:60s]');
  });

  test('keeps windows that hold the scrapes that a rate needs', () => {
    expect(scaledExpr('rate(a[2m])', 60)).toBe('rate(a[4s])');
  });
});

describe('rules', () => {
  const links = { runbooks: 'docs/runbooks', grafana: 'http://localhost:3000' };

  test('are evaluated each second and wait for seconds', () => {
    const { groups } = scaledRules(recordingFile, 60);
    expect(groups.map(({ interval }) => interval)).toEqual(['1s', '2s']);
    const [apiDown] = scaledRules(alertFile(links), 60).groups.flatMap(({ rules }) => rules);
    expect(apiDown).toMatchObject({ alert: 'APIDown', for: '2s' });
  });

  test('escalate after a sixtieth of the time', () => {
    const exprs = escalationFile(links, 60).groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
    expect(exprs.slice(0, 3).map((expr) => / >= (\d+)/.exec(expr)?.[1])).toEqual(['15', '30', '60']);
    expect(exprs[0]).toContain(' - 2 >= ');
  });

  test('are what they are where time is not scaled', () => {
    expect(scaledRules(alertFile(links), 1)).toEqual(alertFile(links));
  });
});
