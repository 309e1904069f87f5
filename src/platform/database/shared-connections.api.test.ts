import { randomUUID } from 'node:crypto';
import { type AddressInfo, connect, createServer } from 'node:net';
import pg from 'pg';
import { Type } from 'typebox';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { Connections } from './connections.ts';
import { Database } from './database.ts';
import { createPool } from './pool.ts';
import { scopeValues } from './scope.ts';
import { SharedConnections } from './shared-connections.ts';
import { sql } from './sql.ts';

const { service, superuser } = inject('databases');
const Seen = Type.Object({ org: Type.String(), pid: Type.Integer(), at: Type.String() });
const seen = sql`select current_setting('app.org_id') as org, pg_backend_pid() as pid, now()::text as at`;
const options = {
  sizeMin: 0,
  sizeMax: 20,
  acquireTimeoutMs: 20_000,
  recycleSeconds: 3_600,
  statementTimeoutMs: 20_000,
  lockTimeoutMs: 20_000,
  idleInTransactionTimeoutMs: 20_000,
  queryTimeoutMs: 25_000,
  onIdleError: () => undefined,
};
let pool: pg.Pool;
let db: Database;
let retries: string[];
/** How often the server was ready for more: the round trips so far. */
let roundTrips: number;

beforeEach(() => {
  retries = [];
  roundTrips = 0;
  pool = createPool({ ...options, dsn: service });
  pool.on('connect', (client) => {
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on('readyForQuery', () => {
      roundTrips += 1;
    });
  });
  db = new Database({
    pool,
    observer: {
      connectionAcquired: () => undefined,
      connectionRefused: () => undefined,
      changeRecorded: () => undefined,
      retried: (why) => retries.push(why),
    },
  });
});
afterEach(() => pool.end());

const lookUp = (orgId: string) => db.lookUp({ orgId }).one(Seen, seen);

/** A way to the server that lets nothing through before it is opened. */
async function gate(dsn: string) {
  const { hostname, port } = new URL(dsn);
  const opened = Promise.withResolvers<void>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    opened.promise.then(() => socket.pipe(connect(Number(port), hostname)).pipe(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    dsn: Object.assign(new URL(dsn), { host: `127.0.0.1:${address.port}` }).href,
    open: opened.resolve,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

describe('look-ups at once', () => {
  test('share few connections, and each sees its own tenant', async () => {
    const orgIds = Array.from({ length: 200 }, () => randomUUID());
    const rows = await Promise.all(orgIds.map(lookUp));
    expect(rows.map(({ org }) => org)).toEqual(orgIds);
    expect(new Set(rows.map(({ pid }) => pid)).size).toBeLessThanOrEqual(4);
  });

  test('leave no tenant behind on a connection', async () => {
    await Promise.all(Array.from({ length: 20 }, () => lookUp(randomUUID())));
    expect((await pool.query(`select current_setting('app.org_id', true) as org`)).rows).toEqual([
      { org: '' },
    ]);
  });

  test('of which one fails are answered all the same', async () => {
    const outcomes = await Promise.allSettled([
      lookUp(randomUUID()),
      db.lookUp({}).one(Seen, sql`select 1 / 0`),
      lookUp(randomUUID()),
      db.lookUp({}).one(Seen, sql`select * from a_table_that_is_not_there`),
      lookUp(randomUUID()),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'request.invalid' } },
      { reason: { code: '42P01' } },
    ]);
  });

  test('do not wait for one that takes its time', async () => {
    const holder = new pg.Client({ connectionString: service });
    await holder.connect();
    await holder.query('select pg_advisory_lock(4711)');
    // @NOTE shared for as long as they are busy: what is sent elsewhere is so for the slow ones alone.
    const connections = new Connections({ pool, prePing: false });
    const shared = new SharedConnections({ connections, sharedMs: Number.POSITIVE_INFINITY });
    const send = (text: string) =>
      shared.send({ scope: scopeValues({}, undefined), statements: [{ text, values: [], name: undefined }] });
    const asked: Promise<unknown>[] = Array.from({ length: 4 }, () =>
      send('select pg_advisory_xact_lock_shared(4711)'),
    );
    let answered = 0;
    // @NOTE those that are sent before the shared connections are known to be held up wait with them.
    const askAgain = (): number => {
      asked.push(send('select 1').then(() => (answered += 1)));
      return answered;
    };
    await expect.poll(askAgain).toBeGreaterThan(0);
    // @NOTE and not because there is no room behind the slow ones any more.
    expect(asked.length).toBeLessThan(64);
    await holder.end();
    await Promise.all(asked);
  });

  test('open no more connections than are shared, however long that takes', async () => {
    await using way = await gate(service);
    const far = createPool({ ...options, dsn: way.dsn });
    const over = new Database({ pool: far });
    const asked: Promise<unknown>[] = [];
    // @NOTE for as long as they would have waited for one of theirs.
    const askAgain = (): number => asked.push(over.lookUp({}).one(Seen, seen));
    await expect.poll(askAgain, { interval: 10 }).toBe(40);
    way.open();
    expect(await Promise.all(asked)).toHaveLength(40);
    expect(way.connections()).toBe(4);
    await far.end();
  });

  test('on a connection that the server cuts fail with a 503, and the next are answered', async () => {
    const admin = new pg.Client({ connectionString: superuser });
    await admin.connect();
    const hanging = db.lookUp({}).run(sql`select pg_sleep(20)`);
    const told = expect(hanging).rejects.toMatchObject({ code: 'service.unavailable' });
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()`;
    await expect.poll(async () => (await admin.query(cut)).rowCount).toBe(1);
    await told;
    await admin.end();
    expect(await lookUp(randomUUID())).toMatchObject({ pid: expect.any(Number) });
  });
});

test('look-ups without a database fail with a 503 each, and nothing else happens', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const nowhere = createPool({ ...options, dsn: 'postgres://brownie@127.0.0.1:1/brownie' });
  const without = new Database({ pool: nowhere });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => without.lookUp({}).one(Seen, seen)),
  );
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(outcomes).toMatchObject(outcomes.map(() => ({ reason: { code: 'service.unavailable' } })));
  expect(unhandled).toEqual([]);
  await nowhere.end();
});

describe('statements of one turn', () => {
  test('in one scope are one round trip and one transaction', async () => {
    const orgId = randomUUID();
    const warmUp = db.lookUp({ orgId });
    await warmUp.one(Seen, seen);
    const before = roundTrips;
    const within = db.lookUp({ orgId });
    const [one, other] = await Promise.all([within.one(Seen, seen), within.one(Seen, seen)]);
    expect(roundTrips - before).toBe(1);
    expect(one.at).toBe(other.at);
  });

  test('of another turn are another', async () => {
    const within = db.lookUp({});
    await within.one(Seen, seen);
    const before = roundTrips;
    await within.one(Seen, seen);
    await within.one(Seen, seen);
    expect(roundTrips - before).toBe(2);
  });

  test('with an admission are none’s before it has been settled', async () => {
    const refusal = new Error('not you');
    const admission = {
      userId: randomUUID(),
      isSettled: false,
      row: Type.Object({ who: Type.String() }),
      statement: sql`select current_setting('app.user_id') as who`,
      settle(rows: readonly unknown[]): void {
        expect(rows).toEqual([{ who: admission.userId }]);
        throw refusal;
      },
    };
    await expect(db.lookUp({}, admission).one(Seen, seen)).rejects.toBe(refusal);
    await expect(db.within({}, admission).one(Seen, seen)).rejects.toBe(refusal);
  });
});

test('a look-up whose plan a migration has outdated is sent again', async () => {
  const table = `shared_${randomUUID().replaceAll(/[-\d]/g, '')}`;
  const admin = new pg.Client({
    connectionString: Object.assign(new URL(superuser), { pathname: new URL(service).pathname }).href,
  });
  await admin.connect();
  await admin.query(`create table ${table} as select 1 as value; grant all on ${table} to brownie_app`);
  const selection = { text: `select value from ${table}`, values: [] };
  const Row = Type.Object({ value: Type.Unknown() });
  expect(await db.lookUp({}).many(Row, selection)).toEqual([{ value: 1 }]);
  await admin.query(`alter table ${table} alter column value type text`);
  const rows = await Promise.all(Array.from({ length: 20 }, () => db.lookUp({}).many(Row, selection)));
  expect(rows).toEqual(Array.from({ length: 20 }, () => [{ value: '1' }]));
  expect(retries.length).toBeGreaterThan(0);
  await admin.query(`drop table ${table}`);
  await admin.end();
});
