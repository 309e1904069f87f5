import { expect, test } from 'vitest';
import type { Sample } from './measure.ts';
import { ratio } from './report.ts';

const sample = (rate: number, ownMicroseconds: number): Sample => ({
  rate,
  ownMicroseconds,
  postgresMicroseconds: 100,
  refusedShare: 0,
  p50Ms: 1,
  p99Ms: 2,
  peakResidentBytes: 0,
});

test('what is compared is compared round by round, so that a slow round of both says nothing', () => {
  const turns = [sample(100, 300), sample(10, 300), sample(120, 500)];
  const others = [sample(200, 100), sample(20, 100), sample(200, 200)];
  expect(ratio(turns, others)).toEqual({ rate: 0.5, cpu: 2 });
});
