import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fillOrganization } from '../../src/demo/fill-organization.ts';
import { Database } from '../../src/platform/database/database.ts';
import { readDsn, withDatabase } from '../../src/platform/database/dsn.ts';
import { migrationsDirectory } from '../../src/platform/database/preflight.ts';
import { applyMigrations, readMigrations } from '../../src/platform/migrations/index.ts';
import { type Migration, parseMigration } from '../../src/platform/migrations/migration.ts';
import { createOwnDatabase, type OwnDatabase } from '../harness/own-database.ts';

let database: OwnDatabase;
let owner: pg.Client;
let superuser: pg.Client;
let released: Migration[];

beforeAll(async () => {
  database = await createOwnDatabase();
  released = await readMigrations(migrationsDirectory);
  owner = new pg.Client(database.owner);
  superuser = new pg.Client(
    withDatabase(inject('databases').superuser, readDsn(database.owner).database ?? ''),
  );
  await Promise.all([owner.connect(), superuser.connect()]);
});
afterAll(async () => {
  await Promise.all([owner.end(), superuser.end()]);
  await database[Symbol.asyncDispose]();
});

test('every foreign key holds for all rows of a database with data, as somebody sees who bypasses row-level security', async () => {
  // @NOTE as `brownie demo` does it: the service's own login writes no entries of another time.
  const pool = new pg.Pool({ connectionString: database.owner, max: 1 });
  const options = { incidents: 40, passwordHashes: new Map(), now: Date.now(), onProgress: () => undefined };
  await fillOrganization(new Database({ pool }), options);
  await pool.end();
  const { rows: keys } = await superuser.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and convalidated order by 1, 2`,
  );
  expect(keys.length).toBeGreaterThan(25);
  const revalidate = async ({ table, name, definition }: (typeof keys)[number]): Promise<void> => {
    await superuser.query(`alter table ${table} drop constraint ${name}`);
    await superuser.query(`alter table ${table} add constraint ${name} ${definition}`);
  };
  for (const key of keys) {
    await revalidate(key);
  }
  // That it would have been seen.
  const key = keys.find(({ name }) => name === 'incidents_team_fkey');
  await superuser.query(`begin; set local session_replication_role = replica;
                         update incidents set team_id = gen_random_uuid() where id = (select max(id::text)::uuid from incidents);
                         set local session_replication_role = origin`);
  await expect(revalidate(key as (typeof keys)[number])).rejects.toMatchObject({ code: '23503' });
  await superuser.query('rollback');
});

describe('a foreign key that a later migration adds', () => {
  const key =
    'alter table child add constraint child_parent_fkey foreign key (org_id, parent_id) references parent';
  const forced = (isForced: boolean): string =>
    ['parent', 'child']
      .map((table) => `alter table ${table} ${isForced ? '' : 'no '}force row level security;`)
      .join('\n');
  const unseen = { sqlState: '42501', message: expect.stringContaining('"Rows of all tenants"') };

  /** Two forced tables of tenants, with one child whose parent is there and, unless told otherwise, an orphan. */
  async function family({ hasOrphan = true } = {}): Promise<void> {
    await owner.query(`
      drop table if exists child, parent;
      create table parent (org_id uuid, id uuid, primary key (org_id, id));
      create table child (org_id uuid, id uuid, parent_id uuid, primary key (org_id, id));
      insert into parent select gen_random_uuid(), gen_random_uuid();
      insert into child select org_id, gen_random_uuid(), id from parent;
      ${hasOrphan ? 'insert into child select gen_random_uuid(), gen_random_uuid(), gen_random_uuid();' : ''}
      alter table parent enable row level security, force row level security;
      alter table child enable row level security, force row level security;
      create policy tenant on parent using (org_id = current_org_id());
      create policy tenant on child using (org_id = current_org_id())`);
  }

  const isTried = async (...sql: string[]): Promise<void> => {
    const number = String(released.length + 1).padStart(4, '0');
    const migration = parseMigration(`${number}-trial.sql`, `${sql.join(';\n')};`);
    if ('faults' in migration) {
      throw new Error(migration.faults.join());
    }
    await owner.query(`delete from brownie_migrations where number > $1`, [released.length]);
    await applyMigrations({
      dsn: database.owner,
      migrations: [...released, migration],
      onProgress: () => undefined,
    });
  };

  test('would pass over orphans, and refuse rows that are right, by PostgreSQL alone', async () => {
    await family();
    await owner.query(key);
    await family({ hasOrphan: false });
    await owner.query('alter table child no force row level security');
    await expect(owner.query(key)).rejects.toMatchObject({ code: '23503' });
  });

  test.each([
    ['added', [key]],
    ['validated', [`${key} not valid`, 'alter table child validate constraint child_parent_fkey']],
    [
      'added while only one of the tables shows its rows',
      [forced(false).split('\n')[1] ?? '', key, forced(true)],
    ],
    [
      'added with a column',
      ['alter table child add other uuid default gen_random_uuid() references organizations'],
    ],
  ])('is refused where it is %s and does not see all rows', async (_, sql) => {
    await family({ hasOrphan: false });
    await expect(isTried(...sql.map((each) => each.replace(/;$/, '')))).rejects.toMatchObject(unseen);
  });

  test('is refused for an orphan, and taken without one, where it sees all rows', async () => {
    const seeing = [forced(false).replace(/;$/, ''), key, forced(true).replace(/;$/, '')];
    await family();
    await expect(isTried(...seeing)).rejects.toMatchObject({ sqlState: '23503' });
    await family({ hasOrphan: false });
    await isTried(...seeing);
    const { rows } = await owner.query(
      `select relname, relforcerowsecurity as is_forced from pg_class where relname in ('child', 'parent') order by 1`,
    );
    expect(rows).toEqual(['child', 'parent'].map((relname) => ({ relname, is_forced: true })));
  });

  test('may stand there unproven, and an update that would see no row is refused as well', async () => {
    await family();
    await isTried(`${key} not valid`);
    await expect(isTried('update child set parent_id = parent_id')).rejects.toMatchObject(unseen);
  });
});
