import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { metricsDocument, onLinuxOnly } from './metrics-document.ts';

/** @NOTE elsewhere than on Linux the registry lacks some metrics: their rows are not compared there. */
const comparable = (document: string): string[] =>
  document
    .split('\n')
    .filter(
      (line) =>
        process.platform === 'linux' || !onLinuxOnly.some((name) => line.startsWith(`| \`${name}\` `)),
    );
const document = metricsDocument();
const rowOf = (name: string): string[] =>
  (document.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '').split(' | ');

describe('docs/metrics.md', () => {
  test('is what the registry makes of it; if not: npm run generate', () => {
    const committed = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
    expect(comparable(committed)).toEqual(comparable(document));
  });

  test('tells type, labels, meaning and uses', () => {
    const [, type, labels, help, alerts, dashboards] = rowOf('authentication_failures_total');
    expect([type, labels]).toEqual(['counter', '`reason`']);
    expect(help).toContain('could not be authenticated');
    expect(alerts).toContain('[AuthenticationFailures](runbooks/AuthenticationFailures.md)');
    expect(dashboards).toBe('authentication |');
  });

  test('finds what an alert reads through a histogram and through recordings', () => {
    expect(rowOf('db_pool_wait_seconds')[4]).toBe('[PoolWait](runbooks/PoolWait.md)');
    expect(rowOf('http_requests_total')[4]).toContain('ErrorBudgetBurn');
  });
});
