import { expect, test } from 'vitest';
import { keepNewest } from './keep-newest.ts';

test('of more than may be kept the oldest are forgotten', () => {
  const map = new Map<string, number>();
  ['a', 'b', 'c', 'd'].forEach((key, index) => {
    keepNewest(map, 3, key, index);
  });
  expect([...map]).toEqual([
    ['b', 1],
    ['c', 2],
    ['d', 3],
  ]);
});
