import { expect, test } from 'vitest';
import { dayMs } from './clock.ts';
import { incidentMoments } from './incident-moments.ts';
import { Random } from './random.ts';

const to = Date.parse('2026-03-01T12:34:56.789Z');
const from = to - 365 * dayMs;
const moments = incidentMoments(new Random(1), { count: 20_000, from, to });
const share = (isMeant: (date: Date) => boolean): number =>
  moments.filter(({ at }) => isMeant(new Date(at))).length / moments.length;

test('as many as asked for, in order, within the period', () => {
  expect(moments).toHaveLength(20_000);
  expect(moments.every(({ at }, index) => at >= from && at < to && at >= (moments[index - 1]?.at ?? 0))).toBe(
    true,
  );
});

test('fewer at weekends and at night', () => {
  expect(share((date) => [0, 6].includes(date.getUTCDay()))).toBeLessThan(0.2);
  expect(share((date) => date.getUTCHours() < 6)).toBeLessThan(0.15);
});

test('bursts are short and dense', () => {
  const sizes = Object.values(Object.groupBy(moments, ({ burst }) => String(burst ?? 'none'))).map(
    (each) => each?.length ?? 0,
  );
  const ofBursts = sizes.filter((size) => size < 1_000);
  expect(ofBursts.length).toBeGreaterThan(50);
  expect(Math.max(...ofBursts)).toBeGreaterThan(20);
});

test('a period of a few minutes is enough', () => {
  expect(incidentMoments(new Random(1), { count: 3, from: to - 60_000, to })).toHaveLength(3);
});
