import { describe, expect, test } from 'vitest';
import { applyMigrations } from './apply-migrations.ts';
import { migrationFault, migrationStatus } from './migration-status.ts';
import { connection, migrationsOf, rowsOf } from './test-support/fixtures.ts';
import { throwawayServer } from './test-support/with-database.ts';

const withDatabase = throwawayServer();
const migrations = migrationsOf('create table a ()', 'create table b ()', 'create table c ()');
const onProgress = () => undefined;

describe('migrationStatus', () => {
  test('of a database without the table: nothing applied', () =>
    withDatabase(async (dsn) => {
      await using session = await connection(dsn);
      const status = await migrationStatus(session.client, migrations);
      expect(status).toEqual({ applied: [], pending: migrations, changed: [], ahead: [] });
      expect(await rowsOf(dsn, `select 1 from pg_class where relname = 'brownie_migrations'`)).toEqual([]);
    }));

  test('tells applied from pending', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations: migrations.slice(0, 2), onProgress });
      await using session = await connection(dsn);
      const status = await migrationStatus(session.client, migrations);
      expect(status.applied).toMatchObject([
        { number: 1, name: 'step-1', checksum: migrations[0]?.checksum, appliedBy: 'postgres' },
        { number: 2, name: 'step-2' },
      ]);
      expect(status.applied[0]?.appliedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(Math.abs(Date.now() - Date.parse(status.applied[0]?.appliedAt ?? ''))).toBeLessThan(60_000);
      expect(status.applied[0]?.durationMs).toBeTypeOf('number');
      expect(status.pending).toEqual(migrations.slice(2));
      expect(status).toMatchObject({ changed: [], ahead: [] });
    }));

  test('allows a schema ahead of the code', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations, onProgress });
      await using session = await connection(dsn);
      const status = await migrationStatus(session.client, migrations.slice(0, 2));
      expect(status.ahead).toMatchObject([{ number: 3, name: 'step-3' }]);
      expect(migrationFault(status)).toBeNull();
      expect(await applyMigrations({ dsn, migrations: migrations.slice(0, 2), onProgress })).toEqual([]);
    }));

  test('needs no more than SELECT, which every role has', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations, onProgress });
      await rowsOf(dsn, 'create role migrations_reader login');
      try {
        await using reader = await connection(dsn.replace('postgres@', 'migrations_reader@'));
        const status = await migrationStatus(reader.client, migrations);
        expect(status.applied).toHaveLength(3);
        await expect(reader.client.query('delete from brownie_migrations')).rejects.toMatchObject({
          code: '42501',
        });
      } finally {
        await rowsOf(dsn, 'drop role migrations_reader');
      }
    }));

  test('does not depend on a row type of its client', () =>
    withDatabase(async (dsn) => {
      await applyMigrations({ dsn, migrations, onProgress });
      await using session = await connection(`${dsn}&options=-c%20timezone=Asia/Tokyo`);
      const { applied } = await migrationStatus(session.client, migrations);
      expect(Math.abs(Date.now() - Date.parse(applied[0]?.appliedAt ?? ''))).toBeLessThan(60_000);
    }));
});
