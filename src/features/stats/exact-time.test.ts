import { expect, test } from 'vitest';
import { exactTime, toMilliseconds } from './exact-time.ts';

test.each([
  ['2026-03-01T08:00:00Z', '2026-03-01T08:00:00Z', false],
  ['2026-03-01T08:00:00.5+05:30', '2026-03-01T08:00:00.5+05:30', false],
  ['2026-03-01T08:00:00.123000Z', '2026-03-01T08:00:00.123000Z', false],
  ['2026-03-01T08:00:00.9999Z', '2026-03-01T08:00:00.999Z', true],
  ['2026-03-01t08:00:00.123456-08:00', '2026-03-01t08:00:00.123-08:00', true],
])('of %s lists are sorted by %s', (sent, milliseconds, isExact) => {
  expect(exactTime(sent)).toEqual({ milliseconds, exact: isExact ? sent : null });
});

test('what a reply says is cut to milliseconds', () => {
  expect(toMilliseconds('2026-03-01T08:00:00.123456Z')).toBe('2026-03-01T08:00:00.123Z');
  expect(toMilliseconds('2026-03-01T08:00:00.120Z')).toBe('2026-03-01T08:00:00.120Z');
});
