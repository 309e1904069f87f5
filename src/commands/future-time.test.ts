import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { futureTime } from './future-time.ts';

const now = Date.parse('2026-03-01T04:00:00Z');

test.each([
  ['90s', '2026-03-01T04:01:30.000Z'],
  ['30m', '2026-03-01T04:30:00.000Z'],
  ['+2h', '2026-03-01T06:00:00.000Z'],
  ['1d', '2026-03-02T04:00:00.000Z'],
  ['2026-03-01T04:30:00Z', '2026-03-01T04:30:00.000Z'],
  ['2026-03-01T06:30+02:00', '2026-03-01T04:30:00.000Z'],
])('%s is %s', (text, moment) => {
  expect(futureTime(text, now)).toBe(moment);
});

test.each([
  '',
  '30',
  '30 m',
  'm',
  '-5m',
  '0m',
  '30w',
  'tomorrow',
  '2026-03-01T04:30:00',
  '2026-13-01T04:30Z',
])('"%s" is no moment to come', (text) => {
  expect(() => futureTime(text, now)).toThrow(InvalidArgumentError);
});

test('a moment that has passed is refused', () => {
  expect(() => futureTime('2026-03-01T03:59:59Z', now)).toThrow('It must be a moment to come.');
});
