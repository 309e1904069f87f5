import { expect, test } from 'vitest';
import { differences } from './table-contents.ts';

const [zeros, ones] = ['0'.repeat(32), '1'.repeat(32)];
const table = (name: string, rows: number, hash = zeros) => ({ name, rows, hash });

test('the same contents differ in nothing, whatever their order', () => {
  expect(differences([table('a', 1), table('b', 2)], [table('b', 2), table('a', 1)])).toEqual([]);
});

test('every kind of difference is told', () => {
  expect(
    differences(
      [table('gone', 1), table('fewer', 3), table('changed', 2)],
      [table('fewer', 2), table('changed', 2, ones), table('new', 0)],
    ),
  ).toEqual([
    'gone is missing',
    'fewer has 2 rows instead of 3',
    'changed has 2 rows, but not what was in them',
    'new is there, and was not backed up',
  ]);
});
