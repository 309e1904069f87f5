import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { createRowCheck } from './row-check.ts';

const Row = Type.Object({ id: Type.String(), n: Type.Integer() }, { additionalProperties: false });
const checkRow = createRowCheck();

describe('a row', () => {
  test('with the shape of its schema passes', () => {
    expect(() => checkRow(Row, { id: 'a', n: 1 }, 'select')).not.toThrow();
  });

  test.each([
    ['another type', { id: 'a', n: '1' }, '/n must be integer'],
    ['a column too few', { id: 'a' }, /required/],
    ['a column too many', { id: 'a', n: 1, password_hash: 'x' }, /additional/],
  ])('with %s is a mistake in our statement, which the error shows', (_, row, fault) => {
    expect(() => checkRow(Row, row, 'select id, n from t')).toThrow(fault);
    expect(() => checkRow(Row, row, 'select id, n from t')).toThrow('select id, n from t');
  });
});
