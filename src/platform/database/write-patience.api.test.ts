import pg from 'pg';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { Database } from './database.ts';
import { createPool } from './pool.ts';
import { sql } from './sql.ts';

const { superuser } = inject('databases');
let pool: pg.Pool;
let db: Database;
let admin: pg.Client;

beforeAll(async () => {
  pool = createPool({
    dsn: superuser,
    sizeMin: 0,
    sizeMax: 2,
    acquireTimeoutMs: 60_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 5_000,
    idleInTransactionTimeoutMs: 5_000,
    queryTimeoutMs: 7_000,
    onIdleError: () => undefined,
  });
  db = new Database({ pool });
  admin = new pg.Client({ connectionString: superuser });
  await admin.connect();
});
afterAll(() => Promise.all([pool.end(), admin.end()]));

const Pid = Type.Object({ pid: Type.Integer() });

test('a change that loses its connection before it commits is made again', async () => {
  const backends: number[] = [];
  const answered = await db.transaction({}, async (tx) => {
    const { pid } = await tx.one(Pid, sql`select pg_backend_pid() as pid`);
    backends.push(pid);
    if (backends.length === 1) {
      await admin.query('select pg_terminate_backend($1)', [pid]);
    }
    return await tx.one(Pid, sql`select pg_backend_pid() as pid`);
  });
  expect(backends).toHaveLength(2);
  expect(answered.pid).toBe(backends[1]);
});

test('one that loses it while it commits is not: it may have been made', async () => {
  let attempts = 0;
  const committing = db.transaction({}, async (tx) => {
    attempts += 1;
    await tx.run(sql`create temp table doomed (id int)`);
    await tx.run(sql`create function pg_temp.end_session() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`);
    await tx.run(sql`create constraint trigger at_commit after insert on doomed deferrable initially deferred
      for each row execute function pg_temp.end_session()`);
    await tx.run(sql`insert into doomed values (1)`);
  });
  await expect(committing).rejects.toMatchObject({ code: 'service.unavailable' });
  expect(attempts).toBe(1);
});
