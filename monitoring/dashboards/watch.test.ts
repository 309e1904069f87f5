import { describe, expect, test } from 'vitest';
import type { Alert, AlertRule } from '../alert.ts';
import { watchdog } from '../alerts/watchdog.ts';
import { thresholdSteps, watched } from './watch.ts';

const alertOf = (...rules: readonly [AlertRule, ...AlertRule[]]): Alert => ({
  ...watchdog,
  name: 'Sample',
  rules,
});
const warning = (expr: string) => ({ alert: alertOf({ expr, severity: 'warning' }) });
const critical = (expr: string) => ({ alert: alertOf({ expr, severity: 'critical' }) });

describe('the colours of a panel', () => {
  test('are green where nothing watches it', () => {
    expect(thresholdSteps({})).toEqual([{ color: 'green', value: null }]);
  });

  test('rise with the severity of alerts that fire above a threshold', () => {
    expect(thresholdSteps({ watchedBy: [critical('x > 2'), warning('x > 1')] })).toEqual([
      { color: 'green', value: null },
      { color: 'orange', value: 1 },
      { color: 'red', value: 2 },
    ]);
  });

  test('fall with that of alerts that fire below one', () => {
    expect(thresholdSteps({ watchedBy: [warning('x < 30 * 86400'), critical('x < 7 * 86400')] })).toEqual([
      { color: 'red', value: null },
      { color: 'orange', value: 604_800 },
      { color: 'green', value: 2_592_000 },
    ]);
  });

  test('are bad at 0 and good from 1 on where an alert fires at 0', () => {
    expect(thresholdSteps({ watchedBy: [critical('max(x) == 0')] })).toEqual([
      { color: 'red', value: null },
      { color: 'green', value: 1 },
    ]);
  });

  test('are red below a limit that no alert watches', () => {
    expect(thresholdSteps({ redBelow: 0 })).toEqual([
      { color: 'red', value: null },
      { color: 'green', value: 0 },
    ]);
  });

  test('cannot be both ways', () => {
    expect(() => thresholdSteps({ watchedBy: [warning('x > 1'), warning('x < 1')] })).toThrow('below');
  });
});

describe('what an alert watches', () => {
  test('is what it compares, by rule', () => {
    const alert = alertOf(
      { expr: 'a > 1', severity: 'critical' },
      { expr: 'b > 2 * 0.5', severity: 'warning' },
    );
    expect(watched(alert).left).toBe('a');
    expect(watched(alert, 1)).toMatchObject({ left: 'b', threshold: 1 });
  });

  test('is nothing where it compares nothing, or has no such rule', () => {
    expect(() => watched(watchdog)).toThrow('Watchdog compares nothing');
    expect(() => watched(watchdog, 1)).toThrow('Watchdog has no rule 1');
  });
});
