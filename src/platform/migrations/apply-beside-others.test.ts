import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { applyMigrations, type MigrationProgress } from './apply-migrations.ts';
import { MigrationRefusedError } from './migration-error.ts';
import { migrationLockKey } from './migration-lock.ts';
import { connection, migrationsOf, rowsOf, untilRow } from './test-support/fixtures.ts';
import { throwawayServer } from './test-support/with-database.ts';

const withDatabase = throwawayServer();

/** The longest of the statements that a session runs one after the other until `done`, in milliseconds. */
async function longestMs(dsn: string, sql: string, done: AbortSignal): Promise<number> {
  await using session = await connection(dsn);
  let longest = 0;
  while (!done.aborted) {
    const startedAt = performance.now();
    await session.client.query(sql);
    longest = Math.max(longest, performance.now() - startedAt);
    await sleep(5);
  }
  return longest;
}

test(
  'a long transaction of somebody else stops the migration, not the traffic',
  () =>
    withDatabase(async (dsn) => {
      await rowsOf(dsn, 'create table t (a int)');
      const told: MigrationProgress[] = [];
      const done = new AbortController();
      await using holder = await connection(dsn);
      await holder.client.query('begin; select count(*) from t');
      const traffic = ['select count(*) from t', 'insert into t values (1)'].map((sql) =>
        longestMs(dsn, sql, done.signal),
      );
      const run = applyMigrations({
        dsn,
        migrations: migrationsOf('alter table t add b int'),
        onProgress: (step) => told.push(step),
      }).finally(() => done.abort());
      await sleep(3_000);
      await holder.client.query('commit');
      await run;
      const longest = await Promise.all(traffic);
      expect(told.filter(({ kind }) => kind === 'retrying')).not.toHaveLength(0);
      expect(Math.max(...longest)).toBeLessThan(1_500);
      // The requests did queue behind ours, so the bound above is not met by luck.
      expect(Math.min(...longest)).toBeGreaterThan(250);
      expect(await rowsOf(dsn, 'select number from brownie_migrations')).toEqual([{ number: 1 }]);
    }),
  30_000,
);

test(
  'a deadlock is tried again',
  () =>
    withDatabase(async (dsn) => {
      await rowsOf(dsn, 'create table a (); create table b ()');
      const gate = 7;
      const told: MigrationProgress[] = [];
      await using keeper = await connection(dsn);
      await using other = await connection(dsn);
      await keeper.client.query(`select pg_advisory_lock(${gate})`);
      // @NOTE The other session looks for deadlocks late, so that the victim is the migration.
      await other.client.query(`set deadlock_timeout = '20s'; begin; lock table b in access exclusive mode`);
      const migrations = migrationsOf(`-- brownie: lock_timeout=10s
        set local deadlock_timeout = '50ms'; lock table a in access exclusive mode;
        select pg_advisory_xact_lock(${gate}); lock table b in access exclusive mode`);
      const run = applyMigrations({ dsn, migrations, onProgress: (step) => told.push(step) });
      await untilRow(dsn, `select 1 from pg_locks where relation = 'a'::regclass and granted`);
      const crossing = other.client.query('lock table a in access exclusive mode');
      await untilRow(dsn, `select 1 from pg_locks where relation = 'a'::regclass and not granted`);
      await keeper.client.query(`select pg_advisory_unlock(${gate})`);
      await crossing;
      await other.client.query('commit');
      await run;
      expect(told.find((step) => step.kind === 'retrying')?.retry.sqlState).toBe('40P01');
    }),
  30_000,
);

describe('runs side by side', () => {
  test(
    'apply each migration once, a concurrent index among them',
    () =>
      withDatabase(async (dsn) => {
        const migrations = migrationsOf(
          'create table t (a int); insert into t values (1)',
          '-- brownie: no-transaction\ncreate index concurrently if not exists t_a on t (a)',
          'insert into t values (2)',
        );
        const told: MigrationProgress[] = [];
        const waiting = () => told.filter(({ kind }) => kind === 'waiting');
        await using holder = await connection(dsn);
        await holder.client.query(`select pg_advisory_lock(${migrationLockKey})`);
        const runs = Array.from({ length: 5 }, () => {
          return applyMigrations({ dsn, migrations, onProgress: (step) => told.push(step) });
        });
        await vi.waitUntil(() => waiting().length === 5, 120_000);
        await holder.client.query(`select pg_advisory_unlock(${migrationLockKey})`);
        const done = await Promise.all(runs);
        expect(done.flat().map(({ number }) => number)).toEqual([1, 2, 3]);
        expect(told.filter(({ kind }) => kind === 'applied')).toHaveLength(3);
        expect(await rowsOf(dsn, 'select a from t order by a')).toEqual([{ a: 1 }, { a: 2 }]);
      }),
    20_000,
  );

  test(
    'that start on an empty database together make one table of migrations',
    () =>
      withDatabase(async (dsn) => {
        const migrations = migrationsOf('create table t ()', 'create table u ()');
        const runs = Array.from({ length: 5 }, () =>
          applyMigrations({ dsn, migrations, onProgress: () => undefined }),
        );
        expect((await Promise.all(runs)).flat().map(({ number }) => number)).toEqual([1, 2]);
        expect(await rowsOf(dsn, 'select number from brownie_migrations order by number')).toHaveLength(2);
      }),
    20_000,
  );

  test('wait for a bounded time, and name who is in the way', () =>
    withDatabase(async (dsn) => {
      await using holder = await connection(`${dsn}&application_name=somebody`);
      const { rows } = await holder.client.query<{ pid: number }>(
        `select pg_backend_pid() as pid, pg_advisory_lock(${migrationLockKey})`,
      );
      const pid = rows[0]?.pid;
      const told: MigrationProgress[] = [];
      const migrations = migrationsOf('create table t ()');
      const error = await applyMigrations({
        dsn,
        migrations,
        waitMs: 300,
        onProgress: (step) => told.push(step),
      }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(MigrationRefusedError);
      expect(error).toMatchObject({
        message: expect.stringMatching(`^pid ${pid} \\(somebody\\) is migrating this database`),
      });
      expect(told).toEqual([{ kind: 'waiting', holder: { pid, applicationName: 'somebody' } }]);
      expect(await rowsOf(dsn, `select 1 from pg_class where relname = 'brownie_migrations'`)).toEqual([]);
    }));
});
