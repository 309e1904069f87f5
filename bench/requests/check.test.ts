import { expect, test } from 'vitest';
import { bestRatio } from './check.ts';
import type { Sample } from './measure.ts';

const taking = (ownMicroseconds: number): Sample => ({
  rate: 1_000,
  ownMicroseconds,
  postgresMicroseconds: 50,
  refusedShare: 0,
  p50Ms: 1,
  p99Ms: 2,
  peakResidentBytes: 0,
});

test('what neighbours add to some rounds, of the row or of its floor, changes nothing', () => {
  const [row, floor] = [
    [taking(900), taking(250), taking(400)],
    [taking(50), taking(50), taking(700)],
  ];
  expect(bestRatio(row, floor)).toBe(3);
});

test('what was not measured is not good', () => {
  expect(bestRatio([], [taking(50)])).toBe(Number.POSITIVE_INFINITY);
});
