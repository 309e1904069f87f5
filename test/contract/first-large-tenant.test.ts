import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../harness/own-database.ts';

const large = '00000000-0000-7000-8000-00000000aaaa';
let database: OwnDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createOwnDatabase();
  client = new pg.Client({ connectionString: database.superuser });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database[Symbol.asyncDispose]();
});

test('of every table the planner takes for granted that an organization has several rows', async () => {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'org_id'
       and not ('n_distinct=-0.05' = any(coalesce(a.attoptions, '{}')))
       and not exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indkey::text = a.attnum::text)`,
  );
  expect(rows, 'see migrations/0063-rows-of-a-tenant.sql').toEqual([]);
});

test('where all others have one row, a row of the first who has ten thousand is found without reading the others', async () => {
  const add = (organizations: string, people: string) => `
    with o as (${organizations}), u as (
      insert into users (id, org_id, email, username) select gen_random_uuid(), o.id, p || '-' || o.id || '@example.com', p || '-' || o.id from o, ${people} p
      returning id, org_id
    )
    insert into organization_memberships (org_id, user_id, role) select org_id, id, 'member' from u`;
  const insert = 'insert into organizations (id, name, slug)';
  await client.query(
    add(
      `${insert} select gen_random_uuid(), 'small-' || n, 'small-' || n from generate_series(1, 2000) n returning id`,
      'generate_series(1, 1)',
    ),
  );
  await client.query('analyze');
  await client.query(
    add(`${insert} values ('${large}', 'Large', 'large') returning id`, 'generate_series(1, 10000)'),
  );
  const { rows: people } = await client.query<{ id: string }>(
    `select id from users where org_id = '${large}' order by id limit 1`,
  );
  // @NOTE as the checks of foreign keys ask: by a prepared statement that knows no value.
  await client.query('set plan_cache_mode = force_generic_plan');
  await client.query(
    'prepare lookup as select from only organization_memberships where org_id = $1 and user_id = $2 for key share',
  );
  const { rows } = await client.query<Record<string, unknown>>(
    `explain (analyze, format json) execute lookup ('${large}', '${people[0]?.id}')`,
  );
  const readInVain = JSON.stringify(rows).matchAll(/"Rows Removed by [^"]*":(\d+)/g);
  expect(Math.max(0, ...readInVain.map(([, n]) => Number(n)))).toBe(0);
});
