import { describe, expect, test, vi } from 'vitest';
import { applyMigrations, type MigrationProgress } from './apply-migrations.ts';
import { concurrentIndex } from './concurrent-index.ts';
import { sqlStatements } from './sql-statements.ts';
import { connection, migrationsOf, rowsOf, untilRow } from './test-support/fixtures.ts';
import { throwawayServer } from './test-support/with-database.ts';

const withDatabase = throwawayServer();
const migrations = migrationsOf(
  'create table t (a int); insert into t values (1)',
  '-- brownie: no-transaction\ncreate unique index concurrently if not exists t_a on t (a)',
);
const onProgress = () => undefined;
const indexes = (dsn: string) =>
  rowsOf(
    dsn,
    `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = 't'::regclass`,
  );
const buildFailure = (dsn: string) =>
  applyMigrations({ dsn, migrations, onProgress }).then(
    () => undefined,
    (error: unknown) => error,
  );

/** Leaves `t_a` behind as invalid, as a run does that was cut off. */
async function leaveInvalid(dsn: string): Promise<void> {
  await using session = await connection(dsn);
  await session.client.query('insert into t values (1)');
  await session.client.query('create unique index concurrently t_a on t (a)').catch(() => undefined);
  await session.client.query('delete from t where ctid <> (select min(ctid) from t)');
}

describe('a concurrent index', () => {
  test('is built outside a transaction, without a bound on locks', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations, onProgress });
      expect(await indexes(dsn)).toEqual([{ name: 't_a', valid: true }]);
      expect(await rowsOf(dsn, 'select number from brownie_migrations')).toHaveLength(2);
    }));

  test('left invalid is dropped and built again', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations: migrations.slice(0, 1), onProgress });
      await leaveInvalid(dsn);
      expect(await indexes(dsn)).toEqual([{ name: 't_a', valid: false }]);
      const told: MigrationProgress[] = [];
      await applyMigrations({ dsn, migrations, onProgress: (step) => told.push(step) });
      expect(told.map(({ kind }) => kind)).toEqual(['applying', 'repairing', 'applied']);
      expect(await indexes(dsn)).toEqual([{ name: 't_a', valid: true }]);
    }));

  test('that cannot be built leaves nothing', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations: migrations.slice(0, 1), onProgress });
      await rowsOf(dsn, 'insert into t values (1)');
      expect(await buildFailure(dsn)).toMatchObject({ file: '0002-step-2.sql', line: 2, sqlState: '23505' });
      expect(await indexes(dsn)).toEqual([]);
      expect(await rowsOf(dsn, 'select number from brownie_migrations')).toEqual([{ number: 1 }]);
    }));

  test(
    'waits for a transaction longer than a lock bound',
    () =>
      withDatabase(async (dsn) => {
        await applyMigrations({ dsn, migrations: migrations.slice(0, 1), onProgress });
        await using holder = await connection(dsn);
        await holder.client.query('begin; insert into t values (2)');
        const run = applyMigrations({ dsn, migrations, onProgress });
        await holder.client.query('select pg_sleep(2.5)');
        await holder.client.query('commit');
        await run;
        expect(await indexes(dsn)).toEqual([{ name: 't_a', valid: true }]);
      }),
    20_000,
  );

  test('whose runner is killed is repaired by the next run', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations: migrations.slice(0, 1), onProgress });
      await using holder = await connection(dsn);
      await holder.client.query('begin; insert into t values (2)');
      const run = buildFailure(dsn);
      await untilRow(
        dsn,
        `select pg_terminate_backend(pid) from pg_stat_progress_create_index
        where datname = current_database() and phase like 'waiting%'`,
      );
      expect(await run).toMatchObject({ file: '0002-step-2.sql' });
      await holder.client.query('commit');
      expect(await indexes(dsn)).toEqual([{ name: 't_a', valid: false }]);
      await applyMigrations({ dsn, migrations, onProgress });
      expect(await indexes(dsn)).toEqual([{ name: 't_a', valid: true }]);
    }));

  test('that somebody else is building right now is left alone and then found built', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations: migrations.slice(0, 1), onProgress });
      await using holder = await connection(dsn);
      await using builder = await connection(dsn);
      await holder.client.query('begin; insert into t values (2)');
      const built = builder.client.query('create unique index concurrently t_a on t (a)');
      const { oid } = await untilRow<{ oid: number }>(
        dsn,
        `select c.oid from pg_stat_progress_create_index p join pg_class c on c.oid = p.index_relid
        where datname = current_database() and phase like 'waiting%' and relname = 't_a'`,
      );
      const told: MigrationProgress[] = [];
      const run = applyMigrations({ dsn, migrations, onProgress: (step) => told.push(step) });
      await vi.waitUntil(() => told.some(({ kind }) => kind === 'retrying'), 120_000);
      await holder.client.query('commit');
      await Promise.all([built, run]);
      expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['applying', 'retrying', 'applied']));
      expect(await rowsOf(dsn, `select 't_a'::regclass::oid as oid`)).toEqual([{ oid }]);
    }));

  test('whose name something else has is an error, not done', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations: migrations.slice(0, 1), onProgress });
      await rowsOf(dsn, 'create table t_a ()');
      expect(await buildFailure(dsn)).toMatchObject({
        message: expect.stringContaining('something else has its name'),
      });
      expect(await rowsOf(dsn, 'select number from brownie_migrations')).toEqual([{ number: 1 }]);
    }));
});

test.each([
  ['create index concurrently if not exists I on T (a)', { name: 'i', table: 't' }],
  [
    'create unique index concurrently if not exists "I""x" on only s."T" using gin (a)',
    { name: 'I"x', table: 's."T"' },
  ],
  ['create index if not exists i on t (a)', null],
  ['create index concurrently i on t (a)', null],
  ['create index concurrently if not exists on t (a)', null],
  ['vacuum t', null],
])('concurrentIndex of %j', (sql, expected) => {
  expect(concurrentIndex(sqlStatements(sql)[0]?.words ?? [])).toEqual(expected);
});
