import { expect, test } from 'vitest';
import { verdictOf } from './check.ts';
import type { Sample } from './measure.ts';

const taking = (ownMicroseconds: number): Sample => ({
  rate: 1_000,
  ownMicroseconds,
  postgresMicroseconds: 0,
  refusedShare: 0,
  p50Ms: 1,
  p99Ms: 2,
  peakResidentBytes: 0,
});
const floors = [taking(100), taking(100), taking(200)];

test('a row fails where each of its rounds takes too much of its floor’s time', () => {
  expect(verdictOf([taking(310), taking(400), taking(700)], floors, 3)).toEqual({
    isGood: false,
    words: '3.10, 4.00, 3.50',
  });
});

test('one slow round is a neighbour’s', () => {
  expect(verdictOf([taking(290), taking(900), taking(900)], floors, 3).isGood).toBe(true);
});
