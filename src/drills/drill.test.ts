import { expect, test } from 'vitest';
import { faultOf } from './drill.ts';

const figure = { name: 'requests that failed', unit: 'requests' };

test.each([
  [{ ...figure, value: 0, atMost: 0 }, undefined],
  [{ ...figure, value: 1, atMost: 0 }, 'requests that failed: 1 requests, at most 0 are allowed'],
  [{ ...figure, value: 9, atLeast: 10 }, 'requests that failed: 9 requests, at least 10 are demanded'],
  [{ ...figure, value: 10, atLeast: 10, atMost: 10 }, undefined],
  [{ ...figure, value: Number.NaN, atMost: 5 }, 'requests that failed: NaN requests, at most 5 are allowed'],
  [{ ...figure, value: 7 }, undefined],
])('%j', (given, fault) => {
  expect(faultOf(given)).toBe(fault);
});
