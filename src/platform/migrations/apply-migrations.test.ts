import { describe, expect, test } from 'vitest';
import { applyMigrations, type MigrationProgress } from './apply-migrations.ts';
import { MigrationError, MigrationRefusedError } from './migration-error.ts';
import { connection, migrationsOf, rowsOf, untilRow } from './test-support/fixtures.ts';
import { throwawayServer } from './test-support/with-database.ts';

const withDatabase = throwawayServer();
const onProgress = () => undefined;
const applied = (dsn: string) => rowsOf(dsn, 'select number, name from brownie_migrations order by number');
const failureOf = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a run', () => {
  test('applies in order, tells about it, and has nothing to do the second time', () =>
    withDatabase(async (dsn) => {
      const migrations = migrationsOf(
        'create table t (a int)',
        'alter table t add b int',
        'insert into t values (1, 2)',
      );
      const told: MigrationProgress[] = [];
      expect(await applyMigrations({ dsn, migrations, onProgress: (step) => told.push(step) })).toEqual(
        migrations,
      );
      expect(told.map((step) => `${step.kind} ${'migration' in step ? step.migration.number : ''}`)).toEqual([
        'applying 1',
        'applied 1',
        'applying 2',
        'applied 2',
        'applying 3',
        'applied 3',
      ]);
      expect(await rowsOf(dsn, 'select * from t')).toEqual([{ a: 1, b: 2 }]);
      expect(await applyMigrations({ dsn, migrations, onProgress })).toEqual([]);
      expect(await rowsOf(dsn, 'select * from t')).toHaveLength(1);
    }));

  test('bounds locks and statements, or as the file says', () =>
    withDatabase(async (dsn) => {
      const look = `create table t%s as select current_setting('lock_timeout') l, current_setting('statement_timeout') s`;
      const migrations = migrationsOf(
        look.replace('%s', '1'),
        `-- brownie: lock_timeout=300ms, statement_timeout=10min\n${look.replace('%s', '2')}`,
      );
      await applyMigrations({ dsn, migrations, onProgress });
      expect(await rowsOf(dsn, 'select * from t1')).toEqual([{ l: '500ms', s: '1min' }]);
      expect(await rowsOf(dsn, 'select * from t2')).toEqual([{ l: '300ms', s: '10min' }]);
    }));

  test('keeps the settings of one migration from the next', () =>
    withDatabase(async (dsn) => {
      const migrations = migrationsOf(
        `create role migrations_other; create schema other; set search_path = other; set role migrations_other`,
        'reset role; create table t (); drop role migrations_other',
      );
      await applyMigrations({ dsn, migrations, onProgress });
      expect(await rowsOf(dsn, `select schemaname from pg_tables where tablename = 't'`)).toEqual([
        { schemaname: 'public' },
      ]);
    }));

  test('writes where the role is read-only by default', () =>
    withDatabase(async (dsn) => {
      const readOnly = `${dsn}&options=-c%20default_transaction_read_only=on`;
      await applyMigrations({ dsn: readOnly, migrations: migrationsOf('create table t ()'), onProgress });
      expect(await applied(dsn)).toHaveLength(1);
    }));

  test('refuses everything when an applied file has changed', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations: migrationsOf('create table t ()'), onProgress });
      const edited = migrationsOf('create table t (a int)', 'create table u ()');
      const error = await failureOf(applyMigrations({ dsn, migrations: edited, onProgress }));
      expect(error).toBeInstanceOf(MigrationRefusedError);
      expect(error).toMatchObject({
        message: expect.stringMatching(/^0001-step-1\.sql was changed after it was applied/),
      });
      expect(await applied(dsn)).toHaveLength(1);
    }));

  test('refuses to go on when its session does not have the lock', () =>
    withDatabase(async (dsn) => {
      const migrations = migrationsOf('select pg_advisory_unlock_all()', 'create table t ()');
      const error = await failureOf(applyMigrations({ dsn, migrations, onProgress }));
      expect(error).toBeInstanceOf(MigrationRefusedError);
      expect(error).toMatchObject({
        message: expect.stringContaining('not through a pooler in transaction mode'),
      });
      expect(await applied(dsn)).toHaveLength(1);
    }));
});

describe('a failure', () => {
  test('in the middle leaves nothing of its migration, and keeps those before', () =>
    withDatabase(async (dsn) => {
      const sql = `-- Moves it.\ncreate table b ();\n\ninsert into a\n  values ('😀', missing);\ncreate table c ();`;
      const migrations = migrationsOf('create table a (x text)', sql, 'create table d ()');
      const error = await failureOf(applyMigrations({ dsn, migrations, onProgress }));
      expect(error).toBeInstanceOf(MigrationError);
      expect(error).toMatchObject({
        message: expect.stringMatching(
          /^0002-step-2\.sql:5: column "missing" does not exist \(SQLSTATE 42703\)/,
        ),
        file: '0002-step-2.sql',
        line: 5,
        sqlState: '42703',
      });
      expect(await applied(dsn)).toEqual([{ number: 1, name: 'step-1' }]);
      expect(await rowsOf(dsn, `select tablename from pg_tables where tablename in ('b', 'c', 'd')`)).toEqual(
        [],
      );
      await applyMigrations({
        dsn,
        migrations: migrationsOf('create table a (x text)', 'select 1'),
        onProgress,
      });
      expect(await applied(dsn)).toHaveLength(2);
    }));

  test('without a position names the line of its statement, and quotes no row', () =>
    withDatabase(async (dsn) => {
      const sql = `create table a (x text unique);\ninsert into a values ('secret');\n\ninsert into a values ('secret');`;
      const error = await failureOf(applyMigrations({ dsn, migrations: migrationsOf(sql), onProgress }));
      expect(error).toMatchObject({
        line: 4,
        sqlState: '23505',
        message: expect.not.stringContaining('secret'),
      });
    }));

  test('at the commit names the file', () =>
    withDatabase(async (dsn) => {
      const sql = `create table a (x int unique deferrable initially deferred); insert into a values (1), (1)`;
      const error = await failureOf(applyMigrations({ dsn, migrations: migrationsOf(sql), onProgress }));
      expect(error).toMatchObject({ file: '0001-step-1.sql', line: null, sqlState: '23505' });
      expect(await applied(dsn)).toEqual([]);
    }));

  test('by the time bound says how to raise it', () =>
    withDatabase(async (dsn) => {
      const migrations = migrationsOf('-- brownie: statement_timeout=50ms\nselect pg_sleep(5)');
      const error = await failureOf(applyMigrations({ dsn, migrations, onProgress }));
      expect(error).toMatchObject({
        sqlState: '57014',
        message: expect.stringContaining('-- brownie: statement_timeout='),
      });
    }));

  test('of the connection leaves a clean state, and the next run goes on', () =>
    withDatabase(async (dsn) => {
      const gate = 7;
      const migrations = migrationsOf(
        'create table a ()',
        `create table b (); select pg_advisory_xact_lock(${gate})`,
      );
      await using holder = await connection(dsn);
      await holder.client.query(`select pg_advisory_lock(${gate})`);
      const run = failureOf(applyMigrations({ dsn, migrations, onProgress }));
      await untilRow(
        dsn,
        `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'brownie-migrate' and datname = current_database() and query like '%xact_lock%'`,
      );
      expect(await run).toMatchObject({
        file: '0002-step-2.sql',
        message: expect.stringContaining('brownie migrate --status'),
      });
      expect(await applied(dsn)).toEqual([{ number: 1, name: 'step-1' }]);
      expect(await rowsOf(dsn, `select 1 from pg_tables where tablename = 'b'`)).toEqual([]);
      await holder.client.query(`select pg_advisory_unlock(${gate})`);
      expect(await applyMigrations({ dsn, migrations, onProgress })).toEqual(migrations.slice(1));
    }));
});
