import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { migrationsDirectory } from '../../src/platform/database/preflight.ts';
import { applyMigrations, readMigrations } from '../../src/platform/migrations/index.ts';
import { schemaLines } from '../harness/schema-dump.ts';

const withName = (dsn: string, database: string): string => {
  const url = new URL(dsn);
  url.pathname = `/${database}`;
  return url.href;
};

/** Runs `work` on a new, empty database. */
async function inNewDatabase<Result>(work: (ownerDsn: string) => Promise<Result>): Promise<Result> {
  const { superuser, owner } = inject('databases');
  const admin = new pg.Client({ connectionString: superuser });
  await admin.connect();
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  try {
    await admin.query(`create database ${name} owner brownie_owner`);
    return await work(withName(owner, name));
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}

async function schemaOf(dsn: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    return await schemaLines(client);
  } finally {
    await client.end();
  }
}

test('a database migrated step by step has the schema of one migrated at once', async () => {
  const migrations = await readMigrations(migrationsDirectory);
  const atOnce = await inNewDatabase(async (dsn) => {
    await applyMigrations({ dsn, migrations, onProgress: () => undefined });
    return await schemaOf(dsn);
  });
  const stepByStep = await inNewDatabase(async (dsn) => {
    for (const [index] of migrations.entries()) {
      await applyMigrations({ dsn, migrations: migrations.slice(0, index + 1), onProgress: () => undefined });
    }
    return await schemaOf(dsn);
  });
  expect(atOnce.length).toBeGreaterThan(200);
  expect(stepByStep).toEqual(atOnce);
});

test('the indexes that the operations guide names are there and valid', async () => {
  const client = new pg.Client({ connectionString: inject('databases').owner });
  await client.connect();
  const { rows } = await client.query(
    `select c.relname as name, indisvalid as valid from pg_index join pg_class c on c.oid = indexrelid
     where c.relname in ('idx_users_email', 'idx_users_org_id', 'idx_users_team_id', 'idx_users_deleted_at') order by 1`,
  );
  await client.end();
  expect(rows).toEqual(
    ['idx_users_deleted_at', 'idx_users_email', 'idx_users_org_id', 'idx_users_team_id'].map((name) => ({
      name,
      valid: true,
    })),
  );
});

test('every function is bound when it is made, or fixes its search_path', async () => {
  const client = new pg.Client({ connectionString: inject('databases').owner });
  await client.connect();
  const { rows } = await client.query(
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosqlbody is null
       and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
       and not exists (select from unnest(p.proconfig) setting where setting like 'search_path=%')`,
  );
  expect(rows).toEqual([]);
  // @NOTE as a script of pg_dump begins; the trigger of a statement fires for no row, too.
  await client.query(`select set_config('search_path', '', false)`);
  await expect(client.query('update public.incidents set title = title where false')).resolves.toMatchObject({
    rowCount: 0,
  });
  await client.end();
});
