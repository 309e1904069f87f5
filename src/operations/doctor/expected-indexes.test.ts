import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMigrations } from '../../platform/migrations/index.ts';
import { sqlStatements } from '../../platform/migrations/sql-statements.ts';
import { expectedIndexes } from './expected-indexes.ts';

const names = (...scripts: readonly string[]): readonly string[] =>
  expectedIndexes(scripts.map((sql) => ({ statements: sqlStatements(sql) }))).map(({ name }) => name);

test.each([
  ['create index a on t (x);', ['a']],
  ['create unique index a on t (x) where y is null;', ['a']],
  ['create index concurrently if not exists a on only s.t (x);', ['a']],
  ['create table t (x int, constraint t_x_key unique (x), constraint t_check check (x > 0));', ['t_x_key']],
  ['create index a on t (x); drop index if exists a;', []],
  ['create index a on t (x); drop index concurrently a;', []],
  ['alter table t add constraint k unique (x); alter table t drop constraint k;', []],
  ['create index a on t (x); alter index a rename to b;', ['b']],
  ['create table index_of_things (x int);', []],
])('%s', (sql, expected) => {
  expect(names(sql)).toEqual(expected);
});

test('those of our migrations are found, with what makes them', async () => {
  const migrations = await readMigrations(join(import.meta.dirname, '../../../migrations/'));
  const found = new Map(expectedIndexes(migrations).map((index) => [index.name, index]));
  expect(found.get('idx_users_email')).toMatchObject({
    isUnique: true,
    sql: 'create unique index idx_users_email on users (email_key) where deleted_at is null',
  });
  expect(found.get('idx_users_team_id')?.isUnique).toBe(false);
  expect(found.get('organizations_slug_key')?.isUnique).toBe(true);
  expect(found.size).toBeGreaterThan(30);
});
