import { expect, test } from 'vitest';
import { parseSnapshot, seesAll } from './snapshot.ts';

const sees = (one: string, other: string): boolean => seesAll(parseSnapshot(one), parseSnapshot(other));

test.each([
  ['itself', '10:20:12,15', '10:20:12,15', true],
  ['an earlier one, whose transactions have ended', '21:30:25', '10:20:12,15', true],
  ['an earlier one, of whose transactions one goes on', '12:30:12,25', '10:20:12,15', true],
  ['a later one not', '10:20:12,15', '10:21:12,15', false],
  // 15 was under way in the first and is done in the second, while both know of the same transactions.
  ['one in which a transaction has ended not', '12:20:12,15', '12:20:12', false],
  ['one in which a later transaction has ended', '12:30:12,25', '12:25:12', true],
])('a snapshot sees what is seen by %s', (_, one, other, expected) => {
  expect(sees(one, other)).toBe(expected);
});

test('what is none is refused', () => {
  expect(() => parseSnapshot('10:20')).toThrow('not a snapshot: 10:20');
});
