import { describe, expect, test } from 'vitest';
import { lineOfPosition, sqlStatements } from './sql-statements.ts';

const texts = (sql: string) => sqlStatements(sql).map(({ text }) => text);

describe('sqlStatements', () => {
  test.each([
    ['strings', `select ';' || 'it''s;'; select 2`, [`select ';' || 'it''s;'`, 'select 2']],
    ['escape strings', String.raw`select E'\';'; select 2`, [String.raw`select E'\';'`, 'select 2']],
    ['backslashes in plain strings', String.raw`select '\'; select 2`, [String.raw`select '\'`, 'select 2']],
    ['quoted identifiers', 'select "a;""b"; select 2', ['select "a;""b"', 'select 2']],
    ['dollar quotes', 'do $$ begin; $$; do $a$ ; $$ ; $a$;', ['do $$ begin; $$', 'do $a$ ; $$ ; $a$']],
    ['parameters and dollars in names', 'select $1, a$b; select c$d', ['select $1, a$b', 'select c$d']],
    ['line comments', 'select 1 -- a;\n; -- b;\n', ['select 1']],
    ['nested block comments', '/* a; /* b; */ c; */ select 1;', ['select 1']],
    [
      'parentheses',
      'create rule r as on insert to t do (select 1; select 2); select 3',
      ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
    ],
    ['empty statements', ';; select 1;;', ['select 1']],
    ['an unclosed quote', `select 'a; select 2`, [`select 'a; select 2`]],
    ['an unclosed comment', 'select 1; /* a; select 2', ['select 1']],
  ])('keeps %s together', (_, sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  test('keeps the body of an SQL-standard function together', () => {
    const body = 'begin atomic select case when true then 1 else 2 end; select 3; end';
    expect(texts(`create or replace function f() returns int ${body}; select 4`)).toEqual([
      `create or replace function f() returns int ${body}`,
      'select 4',
    ]);
  });

  test('a cut of a long string does not exhaust the stack', () => {
    const long = `select '${`a''`.repeat(500_000)}'`;
    expect(texts(`${long}; select 2`)).toEqual([long, 'select 2']);
  });

  test('knows lines and words', () => {
    const [, second] = sqlStatements('select 1;\n-- about it\nCREATE /* x */ Table "T" (a int);\n');
    expect(second).toMatchObject({ line: 3, words: ['create', 'table', '"T"', '(', 'a', 'int', ')'] });
  });
});

test('a position counts characters, not UTF-16 units', () => {
  const sql = `select 1;\nselect '😀😀😀',\n  missing`;
  const [, second] = sqlStatements(sql);
  if (second === undefined) {
    throw new Error('there are two statements');
  }
  const position = Array.from(second.text).join('').length - 'missing'.length - 3 + 1;
  expect(lineOfPosition(sql, second, position)).toBe(3);
  expect(lineOfPosition(sql, second, 1)).toBe(2);
});
