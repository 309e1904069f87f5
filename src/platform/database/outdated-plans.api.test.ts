import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { Database } from './database.ts';
import { createPool } from './pool.ts';
import { type Sql, sql } from './sql.ts';

const { service, superuser } = inject('databases');
const Row = Type.Object({ value: Type.Unknown() });
/** Of this test alone: the databases of the run are shared. */
let table: string;
let pool: pg.Pool;
let admin: pg.Client;
let db: Database;

beforeEach(async () => {
  table = `plans_${randomUUID().replaceAll(/[-\d]/g, '')}`;
  const database = Object.assign(new URL(superuser), { pathname: new URL(service).pathname });
  admin = new pg.Client({ connectionString: database.href });
  await admin.connect();
  await admin.query(`create table ${table} (value integer); grant all on ${table} to brownie_app`);
  pool = createPool({
    dsn: service,
    sizeMin: 0,
    sizeMax: 1,
    acquireTimeoutMs: 5_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 5_000,
    idleInTransactionTimeoutMs: 5_000,
    queryTimeoutMs: 7_000,
    onIdleError: () => undefined,
  });
  db = new Database({ pool });
});
afterEach(async () => {
  await pool.end();
  await admin.query(`drop table ${table}`);
  await admin.end();
});

/** A statement of this code base, for a table that only this test has. */
const statement = (strings: TemplateStringsArray, ...values: readonly unknown[]): Sql => {
  const { text, values: parameters } = sql(strings, ...values);
  return { text: text.replaceAll('plans', table), values: parameters };
};
const insertion = (value: unknown) => statement`insert into plans (value) values (${value})`;
const selection = () => statement`select value from plans order by value`;
const connection = async () =>
  await db.within({}).one(Type.Object({ pid: Type.Integer() }), sql`select pg_backend_pid() as pid`);

describe('after the type of a column has changed', () => {
  test('a statement is prepared anew, on the connection that there is', async () => {
    await db.within({}).run(insertion(1));
    expect(await db.within({}).many(Row, selection())).toEqual([{ value: 1 }]);
    const pid = await connection();
    await admin.query(`alter table ${table} alter column value type text`);
    expect(await db.within({}).many(Row, selection())).toEqual([{ value: '1' }]);
    expect(await connection()).toEqual(pid);
  });

  test('so is one whose parameter has another type now', async () => {
    const search = (value: unknown) => statement`select value from plans where value = ${value}`;
    await db.within({}).run(insertion('1'));
    expect(await db.within({}).many(Row, search('1'))).toEqual([{ value: 1 }]);
    await admin.query(`alter table ${table} alter column value type text`);
    expect(await db.within({}).many(Row, search('1'))).toEqual([{ value: '1' }]);
    await admin.query(`alter table ${table} alter column value type uuid using gen_random_uuid()`);
    expect(await db.within({}).many(Row, search(randomUUID()))).toEqual([]);
    await db.within({}).run(insertion(randomUUID()));
  });

  test('a transaction is run again as a whole', async () => {
    await db.within({}).many(Row, selection());
    await admin.query(`alter table ${table} alter column value type text`);
    let runs = 0;
    const read = await db.transaction({}, async (tx) => {
      runs += 1;
      await tx.run(statement`insert into plans (value) values ('new')`);
      return await tx.many(Row, selection());
    });
    expect([runs, read]).toEqual([2, [{ value: 'new' }]]);
    expect(await db.within({}).many(Row, selection())).toEqual([{ value: 'new' }]);
  });

  test('one that is outdated again and again is a 503 with Retry-After, and its connection is closed', async () => {
    await admin.query(
      `create function ${table}() returns void language plpgsql as
       $$ begin raise exception 'cached plan must not change result type' using errcode = '0A000'; end $$`,
    );
    const pid = await connection();
    let runs = 0;
    const outdated = db.transaction({}, async (tx) => {
      runs += 1;
      return await tx.run(statement`select plans()`);
    });
    await expect(outdated).rejects.toMatchObject({
      code: 'service.unavailable',
      headers: { 'retry-after': '1' },
    });
    expect(runs).toBe(3);
    expect(await connection()).not.toEqual(pid);
    await admin.query(`drop function ${table}`);
  });
});

test('a statement that the server has lost is prepared anew', async () => {
  await db.within({}).many(Row, selection());
  const client = await pool.connect();
  await client.query('discard all');
  client.release();
  expect(await db.within({}).many(Row, selection())).toEqual([]);
  expect(await db.transaction({}, (tx) => tx.many(Row, selection()))).toEqual([]);
});

test('an error that preparing anew does not mend is told as it is', async () => {
  const wrong = db.within({}).many(Row, statement`select value || point '(0,0)' as value from plans`);
  await expect(wrong).rejects.toMatchObject({ code: '42883' });
});

test('two who share a pool do not meet each other’s statements', async () => {
  const other = new Database({ pool });
  expect(await db.within({}).many(Row, sql`select 'one' as value`)).toEqual([{ value: 'one' }]);
  expect(await other.within({}).many(Row, sql`select 'other' as value`)).toEqual([{ value: 'other' }]);
});
