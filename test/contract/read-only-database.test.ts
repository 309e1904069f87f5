import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { DatabaseProbe } from '../../src/platform/database/database-probe.ts';
import { readDsn, withDatabase } from '../../src/platform/database/dsn.ts';
import { createPool } from '../../src/platform/database/pool.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { createOwnDatabase, type OwnDatabase } from '../harness/own-database.ts';
import { newTenant, type Tenant } from '../harness/tenant.ts';

const soon = { timeout: 15_000 };

let database: OwnDatabase;
let pool: pg.Pool;
let probe: DatabaseProbe;
let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  database = await createOwnDatabase();
  pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 10,
    acquireTimeoutMs: 200,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  probe = new DatabaseProbe(database.service);
  app = await startApp({ pool, checks: { database: () => probe.check() } });
  tenant = await newTenant(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await Promise.all([pool.end(), probe[Symbol.asyncDispose]()]);
  await database[Symbol.asyncDispose]();
});

/** Makes the server take no writes, or take them again, and ends every session, as a failover does. */
async function setReadOnly(isReadOnly: boolean): Promise<void> {
  const { database: name = '' } = readDsn(database.service);
  const superuser = new pg.Client({
    connectionString: withDatabase(inject('databases').superuser, 'postgres'),
  });
  await superuser.connect();
  try {
    await superuser.query(`alter database ${name} set default_transaction_read_only = ${isReadOnly}`);
    await superuser.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [
      name,
    ]);
  } finally {
    await superuser.end();
  }
}

const health = async () =>
  (await (await fetch(`${app.url}/health/detailed`)).json()) as Record<string, never>;
const becomes = (status: string) => expect.poll(async () => (await health())['status'], soon).toBe(status);

describe('a database that answers, and takes no writes', () => {
  beforeEach(async () => {
    await setReadOnly(true);
    await becomes('unhealthy');
    return async () => {
      await setReadOnly(false);
      await becomes('healthy');
    };
  });

  test('is called so: in health, to operators, in the log', async () => {
    const { status, headers } = await fetch(`${app.url}/health`);
    expect([status, headers.get('content-type')]).toEqual([503, 'application/json; charset=utf-8']);
    await expect.poll(health, soon).toMatchObject({
      database: 'unhealthy',
      details: { database: { status: 'unhealthy', fault: 'read_only' } },
    });
    expect(app.log).toContainEqual(
      expect.objectContaining({
        message: 'connection failed: database is set to read only: it takes no writes',
        level: 'error',
        fault: 'read_only',
      }),
    );
  });

  test('is read; changes are refused, and may be tried again', async () => {
    const { client } = tenant.owner;
    await expect.poll(async () => (await client.get('/auth/me')).status, soon).toBe(200);
    const refused = await client.post(`/teams/${tenant.teamId}/incidents`, { title: 'no room' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.body.code).toBe('service.unavailable');
    expect((await client.get('/auth/me')).status).toBe(200);
  });
});
