import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client } from '../../../test/harness/client.ts';
import { createOwnDatabase, type OwnDatabase } from '../../../test/harness/own-database.ts';
import { newTenant, password, signupBody, type Tenant } from '../../../test/harness/tenant.ts';
import { absentIds, bodyOf, pathOf } from '../../../test/harness/world.ts';
import { createPool } from '../../platform/database/pool.ts';
import { isChange } from '../../platform/http/route.ts';
import { currentMaintenance } from '../../platform/maintenance/index.ts';

const token = 'an-operators-token-that-is-long';
const message = 'The database moves to another machine';

let database: OwnDatabase;
let pool: pg.Pool;
let owner: pg.Client;
/** An instance that looks for maintenance, and one that never does: as if it had not noticed yet. */
let app: TestApp;
let unaware: TestApp;
let operator: Client;
let tenant: Tenant;

beforeAll(async () => {
  database = await createOwnDatabase();
  pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 10,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  owner = new pg.Client(database.owner);
  await owner.connect();
  const operations = { allowedAddresses: [], token, hasOwnListener: false };
  app = await startApp({ pool, operations, maintenance: () => currentMaintenance(pool) });
  unaware = await startApp({ pool, operations });
  operator = app.clientOf(token);
});
afterAll(async () => {
  await Promise.all([app[Symbol.asyncDispose](), unaware[Symbol.asyncDispose]()]);
  await Promise.all([pool.end(), owner.end()]);
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  tenant = await newTenant(app);
});
afterEach(async () => {
  expect((await operator.delete('/ops/maintenance')).status).toBe(200);
});

const incidents = async () =>
  (await owner.query('select set_config($1, $2, false)', ['app.org_id', tenant.orgId])) &&
  (await owner.query('select title from incidents')).rows;
const metric = async (name: string) =>
  Number(new RegExp(`^${name} (.+)$`, 'm').exec(await (await fetch(`${app.url}/metrics`)).text())?.[1]);
/** What the log says beside the access lines. @NOTE nor what the checks of health say of a machine that is busy. */
const errors = ({ log }: TestApp) =>
  log.filter(
    ({ level, logger }) =>
      (level === 'error' || level === 'warning') && !String(logger).match(/access|operations|health/),
  );
const begin = async (order: object, through = operator) => {
  const begun = await through.put('/ops/maintenance', order);
  expect([begun.status, begun.body]).toMatchObject([200, { is_on: true, is_quiet: true }]);
  return begun.body;
};
const inAMinute = () => new Date(Date.now() + 60_000).toISOString();

describe('while maintenance is on', () => {
  test('every route that changes something answers 503, with the operator’s words and when to come again', async () => {
    await begin({ message, until: inAMinute() });
    const refusedBefore = await metric('maintenance_refusals_total');
    const changes = app.app.routes.filter(isChange);
    expect(changes.length).toBeGreaterThan(20);
    for (const route of changes) {
      const client = route.permission === 'public' ? app.anonymous : tenant.owner.client;
      const { status, headers, body } = await client.send(
        route.method,
        pathOf(route, absentIds()),
        bodyOf(route, {}),
      );
      expect([status, body.code, body.detail], route.operationId).toEqual([
        503,
        'service.maintenance',
        message,
      ]);
      expect(Number(headers.get('retry-after'))).toSatisfy((seconds: number) => seconds > 0 && seconds <= 60);
    }
    expect(errors(app)).toEqual([]);
    const refused = app.log.filter(
      ({ error_code, logger }) => error_code === 'service.maintenance' && logger === 'brownie.access',
    );
    expect(new Set(refused.map(({ level }) => level))).toEqual(new Set(['warning']));
    // @NOTE a reply can be there a moment before it is counted.
    await expect.poll(() => metric('maintenance_refusals_total')).toBe(refusedBefore + changes.length);
  });

  test('reads, logins, logouts, health and metrics go on', async () => {
    const { id } = await tenant.incident();
    await begin({ message });
    expect((await tenant.owner.client.get(`/incidents/${id}`)).status).toBe(200);
    const login = await app.anonymous.post('/auth/login', { email: tenant.owner.email, password });
    expect(login.status).toBe(200);
    const client = app.clientOf(login.body.access_token);
    expect((await client.post('/auth/logout')).status).toBe(204);
    expect((await client.get('/auth/me')).status).toBe(401);
    await expect.poll(async () => (await fetch(`${app.url}/health`)).status).toBe(200);
    const headers = { authorization: `Bearer ${token}` };
    const detailed = async () => (await fetch(`${app.url}/health/detailed`, { headers })).json();
    await expect.poll(detailed).toMatchObject({
      status: 'healthy',
      details: { maintenance: { is_on: true, message, until: null, started_by: 'operator at 127.0.0.1' } },
    });
    expect(await metric('maintenance_mode')).toBe(1);
    expect(
      Math.abs((await metric('maintenance_started_timestamp_seconds')) - Date.now() / 1000),
    ).toBeLessThan(60);
    expect(await metric('maintenance_until_timestamp_seconds')).toBe(0);
  });

  test('an instance that has not noticed yet is refused by the database, in the same words', async () => {
    await begin({ message, until: inAMinute() });
    const { token: ownerToken = '' } = tenant.owner.client;
    const late = await unaware
      .clientOf(ownerToken)
      .post(
        `/teams/${tenant.teamId}/incidents`,
        { title: 'Late' },
        { headers: { 'idempotency-key': 'late' } },
      );
    expect([late.status, late.body.code, late.body.detail]).toEqual([503, 'service.maintenance', message]);
    expect(Number(late.headers.get('retry-after'))).toSatisfy(
      (seconds: number) => seconds > 0 && seconds <= 60,
    );
    expect(await incidents()).toEqual([]);
    const signup = await unaware.anonymous.post('/auth/signup', signupBody());
    expect([signup.status, signup.body.code]).toEqual([503, 'service.maintenance']);
    expect(errors(unaware)).toEqual([]);
  });

  test('without a planned end clients are sent away for a minute at a time', async () => {
    await begin({ message });
    for (const each of [app, unaware]) {
      const client = each.clientOf(tenant.owner.client.token ?? '');
      const { status, headers } = await client.post(`/teams/${tenant.teamId}/incidents`, { title: 'Late' });
      expect([status, headers.get('retry-after')]).toEqual([503, '60']);
    }
  });
});

test('it ends by itself, and changes are taken again', async () => {
  const until = new Date(Date.now() + 1_500).toISOString();
  expect(await begin({ message, until })).toMatchObject({ until });
  const create = async () =>
    (await tenant.owner.client.post(`/teams/${tenant.teamId}/incidents`, { title: 'Afterwards' })).status;
  expect(await create()).toBe(503);
  await expect.poll(create).toBe(200);
  await expect.poll(() => metric('maintenance_mode')).toBe(0);
  expect((await operator.get('/ops/maintenance')).body).toMatchObject({ is_on: false, message: null });
});

test('it is noticed within a second by an instance that did not switch it, and so is its end', async () => {
  const create = async () =>
    (await tenant.owner.client.post(`/teams/${tenant.teamId}/incidents`, { title: 'Now' })).status;
  const other = unaware.clientOf(token);
  await begin({ message }, other);
  await expect.poll(() => metric('maintenance_mode')).toBe(1);
  expect(await create()).toBe(503);
  await other.delete('/ops/maintenance');
  await expect.poll(create).toBe(200);
});

test.each([
  [{ message: '' }, '/message'],
  [{ message: 'x'.repeat(501) }, '/message'],
  [{ message: 'in \u001b[31mred' }, '/message'],
  [{ message, until: '2020-01-01T00:00:00Z' }, '/until'],
  [{ message, until: 'tomorrow' }, '/until'],
])('%j is refused', async (body, pointer) => {
  const reply = await operator.put('/ops/maintenance', body);
  expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  expect((await operator.get('/ops/maintenance')).body.is_on).toBe(false);
});
