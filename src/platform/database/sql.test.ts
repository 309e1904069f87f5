import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignments, column, differing, insertion, join, nothing, sql, when } from './sql.ts';

const plain = ({ text, values }: { text: string; values: readonly unknown[] }) => ({ text, values });

describe('a statement', () => {
  test('keeps values beside the text', () => {
    expect(plain(sql`select 1 where a = ${'x'} and b = ${2}`)).toEqual({
      text: 'select 1 where a = $1 and b = $2',
      values: ['x', 2],
    });
  });

  test('takes fragments in and numbers their values anew', () => {
    const inner = sql`b = ${2} or ${sql`c = ${3}`}`;
    expect(plain(sql`a = ${1} and (${inner}) and d = ${4}`)).toEqual({
      text: 'a = $1 and (b = $2 or c = $3) and d = $4',
      values: [1, 2, 3, 4],
    });
  });

  test('never shows a value in its text, whatever the value', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom(`'; drop table users; --`, '$1', 'select'),
      fc.record({ text: fc.string(), values: fc.array(fc.string()) }),
      fc.record({ parts: fc.array(fc.string()), values: fc.array(fc.string()) }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        expect(plain(sql`f(${a}, ${sql`g(${b})`})`)).toEqual({ text: 'f($1, g($2))', values: [a, b] });
      }),
    );
  });
});

describe('pieces', () => {
  test('are left out where there is no reason for them', () => {
    expect(plain(sql`a${when(false, () => sql` and b = ${1}`)}${nothing}`)).toEqual({
      text: 'a',
      values: [],
    });
    expect(plain(sql`a${when('yes', () => sql` and b = ${1}`)}`)).toEqual({
      text: 'a and b = $1',
      values: [1],
    });
  });

  test('are joined with a separator between them', () => {
    expect(plain(join([sql`${1}`, sql`b`, sql`${3}`], sql`, `))).toEqual({
      text: '$1, b, $2',
      values: [1, 3],
    });
    expect(plain(join([], sql`, `))).toEqual({ text: '', values: [] });
  });
});

describe('columns', () => {
  test('are quoted', () => {
    expect(column('org_id').text).toBe('"org_id"');
  });

  test('have names of small letters; anything else is refused', () => {
    for (const name of ['', 'a"b', 'A', 'a b', 'a.b', 'a;', 'ä', 'a\n']) {
      expect(() => column(name)).toThrow('is not a column name');
    }
  });

  test('are assigned and inserted as far as they are given; null is given', () => {
    const fields = { name: 'x', note: null, slug: undefined };
    expect(plain(assignments(fields))).toEqual({ text: '"name" = $1, "note" = $2', values: ['x', null] });
    expect(plain(insertion(fields))).toEqual({
      text: '("name", "note") values ($1, $2)',
      values: ['x', null],
    });
  });

  test('differ where one of those that are given does; nothing given differs from nothing', () => {
    expect(plain(differing({ name: 'x', note: null, slug: undefined }))).toEqual({
      text: '("name" is distinct from $1 or "note" is distinct from $2)',
      values: ['x', null],
    });
    expect(plain(differing({ slug: undefined }))).toEqual({ text: 'false', values: [] });
  });
});
