import { describe, expect, test } from 'vitest';
import { conditionOf } from './condition.ts';

describe('the condition of a rule', () => {
  test.each([
    ['up == 0', 'up', '==', '0', 0],
    ['(sum(up{job="a"}) or vector(0)) == 0', '(sum(up{job="a"}) or vector(0))', '==', '0', 0],
    ['a{status!="501"} / b > 0.05\nand sum(c) >= 5', 'a{status!="501"} / b', '>', '0.05', 0.05],
    ['min(x) - time() < 30 * 86400', 'min(x) - time()', '<', '30 * 86400', 2_592_000],
    ['ratio1h > 14.4 * 0.001\nand ratio5m > 14.4 * 0.001', 'ratio1h', '>', '14.4 * 0.001', 0.0144],
    ['sum(draining == 1) > 2', 'sum(draining == 1)', '>', '2', 2],
    ['sum(a) > 3 * sum(a offset 10m)', 'sum(a)', '>', '3 * sum(a offset 10m)', undefined],
  ])('of %j', (expr, left, operator, right, threshold) => {
    expect(conditionOf(expr)).toEqual({ left, operator, right, threshold });
  });

  test('of a rule that compares nothing is none', () => {
    expect(conditionOf('vector(1)')).toBeUndefined();
    expect(conditionOf('sum(a > bool 1)')).toBeUndefined();
  });
});
