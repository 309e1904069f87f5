import { describe, expect, test } from 'vitest';
import { alerts, recordingGroups } from './catalogue.ts';
import { metricsOf, tokenize } from './promql.ts';

const recorded = new Set<string>(
  recordingGroups.flatMap(({ recordings }) => recordings.map(({ name }) => name)),
);
/** Whether an expression sees a fault for a while after it is over. */
const looksBack = (expr: string): boolean =>
  tokenize(expr).some(({ kind }) => kind === 'duration') ||
  metricsOf(expr).some((name) => recorded.has(name)) ||
  expr.startsWith('time()');

describe('what pages and looks back', () => {
  const rules = alerts.flatMap(({ name, rules, inhibitedBy = [] }) =>
    rules
      .filter(({ severity, expr }) => severity === 'critical' && inhibitedBy.length > 0 && looksBack(expr))
      .map(({ expr }) => ({ name, expr, causes: inhibitedBy.map(({ by }) => by).join('|') })),
  );

  test.each(rules)('$name leaves out what $causes tell of', ({ expr, causes }) => {
    expect(expr).toContain(
      `unless on (environment) max_over_time(ALERTS{alertname=~"${causes}",alertstate="firing"}`,
    );
  });

  test('is some of them', () => {
    expect(new Set(rules.map(({ name }) => name))).toContain('ErrorBudgetBurn');
  });
});

test('every aggregation of a rule keeps the environments apart', () => {
  const exprs = [
    ...recordingGroups.flatMap(({ recordings }) => recordings.map(({ name, expr }) => [name, expr] as const)),
    ...alerts.flatMap(({ name, rules }) => rules.map(({ expr }) => [name, expr] as const)),
  ];
  const mixed = exprs.filter(([, expr]) => /\b(sum|max|min|avg|count) (?!by \(environment\b)/.test(expr));
  const bare = exprs.filter(([, expr]) => /\b(sum|max|min|avg|count)\(/.test(expr));
  expect([...mixed, ...bare]).toEqual([]);
});
