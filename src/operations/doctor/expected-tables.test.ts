import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMigrations } from '../../platform/migrations/index.ts';
import { sqlStatements } from '../../platform/migrations/sql-statements.ts';
import { expectedTables } from './expected-tables.ts';

test.each([
  ['create table t (x int);', ['t']],
  ['create table if not exists t (x int); create index a on t (x);', ['t']],
  ['create table t (x int); create table u (x int); drop table if exists t, u cascade;', []],
  ['create table t (x int); alter table t rename to u;', ['u']],
  ['create table t (x int); alter table only t rename column x to y;', ['t']],
])('%s', (sql, expected) => {
  expect(expectedTables([{ statements: sqlStatements(sql) }])).toEqual(expected);
});

test('those of our migrations are found', async () => {
  const migrations = await readMigrations(join(import.meta.dirname, '../../../migrations/'));
  const tables = expectedTables(migrations);
  expect(tables).toEqual(expect.arrayContaining(['organizations', 'incidents', 'audit_events', 'jwt_keys']));
  expect(tables.length).toBeGreaterThan(14);
});
