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
/** On it a change waits long. */
let patientPool: pg.Pool;
let patient: TestApp;
let probe: DatabaseProbe;
let app: TestApp;
let tenant: Tenant;

const poolOf = (acquireTimeoutMs: number): pg.Pool =>
  createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 10,
    acquireTimeoutMs,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });

beforeAll(async () => {
  database = await createOwnDatabase();
  pool = poolOf(200);
  patientPool = poolOf(60_000);
  probe = new DatabaseProbe(database.service);
  const checks = { database: () => probe.check() };
  [app, patient] = await Promise.all([startApp({ pool, checks }), startApp({ pool: patientPool, checks })]);
  tenant = await newTenant(app);
});
afterAll(async () => {
  await Promise.all([app, patient].map((each) => each[Symbol.asyncDispose]()));
  await Promise.all([pool.end(), patientPool.end(), probe[Symbol.asyncDispose]()]);
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
    expect((await client.get(`/organizations/${tenant.orgId}/audit-events`)).status).toBe(200);
  });

  test('keeps a change waiting until it takes writes again, and takes it once', async () => {
    const title = 'worth the wait';
    const client = patient.clientOf(tenant.owner.client.token ?? '');
    const changing = client.post(`/teams/${tenant.teamId}/incidents`, { title });
    const isWaiting = () => patient.log.some((line) => String(line['why']).includes('the change waits'));
    await expect.poll(isWaiting, soon).toBe(true);
    await setReadOnly(false);
    expect((await changing).status).toBe(200);
    const { body } = await client.get(`/teams/${tenant.teamId}/incidents`);
    expect(body.items.filter((each: { title: string }) => each.title === title)).toHaveLength(1);
  });
});
