import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRetry, retryAfterMs, waitMs } from './retry.ts';

test('a wait is below a bound that doubles and that nothing passes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, chance) => {
        const wait = waitMs(attempt, undefined, defaultRetry, () => chance) ?? Number.NaN;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(30_000, 250 * 2 ** (attempt - 1)));
      },
    ),
  );
});

test('what the service asks for is waited at least, and a quarter more at most', () => {
  expect(waitMs(3, 2_000, defaultRetry, () => 0)).toBe(2_000);
  expect(waitMs(3, 2_000, defaultRetry, () => 1)).toBe(2_500);
  expect(waitMs(1, 30_001, defaultRetry, () => 0)).toBeUndefined();
});

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterMs('7', now)).toBe(7_000);
  expect(retryAfterMs(' 0 ', now)).toBe(0);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5_000);
  expect(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
  for (const nothing of [null, '', 'soon', '1.5s']) {
    expect(retryAfterMs(nothing, now)).toBeUndefined();
  }
});
