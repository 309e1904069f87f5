import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client } from '../../../test/harness/client.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

const token = 'an-operators-token-that-is-long';
let app: TestApp;
let operator: Client;
let tenant: Tenant;
let isReloadable = true;

beforeAll(async () => {
  app = await startApp({
    operations: { allowedAddresses: ['127.0.0.1'], token, hasOwnListener: false },
    certificates: () => [
      { name: 'client', notBefore: new Date(0), notAfter: new Date(Date.now() + 40.5 * 86_400_000) },
    ],
    onReload: async () => isReloadable,
  });
  operator = app.clientOf(token);
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const all = () => app.app.operatorRoutes.map(({ method, url }) => [method, url] as const);
const ready = async () => (await fetch(`${app.url}/health/ready`)).status;
const events = async (requestId: string | null) =>
  (
    await app.superuser.query('select actor, action, details from operator_events where request_id = $1', [
      requestId,
    ])
  ).rows;

describe('who may', () => {
  test('nobody without the operator’s token, whatever their address or their role', async () => {
    expect(all()).toHaveLength(7);
    for (const client of [app.anonymous, app.clientOf('wrong'), tenant.owner.client]) {
      for (const [method, url] of all()) {
        const reply = await client.send(method, url);
        expect([reply.status, reply.body.code], `${method} ${url}`).toEqual([401, 'auth.unauthenticated']);
      }
    }
    expect(await ready()).toBe(503);
    app.app.lifecycle.started();
    expect(await ready()).toBe(200);
  });

  test('the operator’s token is no user’s', async () => {
    expect((await operator.get('/auth/me')).status).toBe(401);
  });

  test('where no token is configured there is no operator’s API', async () => {
    await using without = await startApp();
    for (const [method, url] of all()) {
      const reply = await without.clientOf(token).send(method, url);
      expect([reply.status, reply.body.code], `${method} ${url}`).toEqual([404, 'route.not_found']);
    }
  });

  test('it is on the operators’ listener only, where they have one', async () => {
    await using apart = await startApp({
      operations: { allowedAddresses: [], token, hasOwnListener: true },
    });
    expect((await apart.clientOf(token).get('/ops/info')).status).toBe(404);
    const url = await apart.app.operations?.listen({ host: '127.0.0.1', port: 0 });
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${url}/api/v1/ops/info`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/api/v1/ops/info`)).status).toBe(401);
  });
});

describe('one instance', () => {
  test('is drained, serves what still comes, and is put back', async () => {
    app.app.lifecycle.started();
    const drained = await operator.post('/ops/drain');
    expect(drained.body).toEqual({ phase: 'draining', in_flight: 0 });
    expect(await ready()).toBe(503);
    expect((await tenant.owner.client.get('/auth/me')).status).toBe(200);
    const back = await operator.delete('/ops/drain');
    expect(back.body).toEqual({ phase: 'serving', in_flight: 0 });
    expect(await ready()).toBe(200);
    for (const [reply, action] of [
      [drained, 'instance.drained'],
      [back, 'instance.undrained'],
    ] as const) {
      const id = reply.headers.get('x-request-id');
      expect(await events(id)).toEqual([{ actor: 'operator at 127.0.0.1', action, details: {} }]);
      expect(
        app.log.filter(({ request_id, logger }) => request_id === id && logger === 'brownie.operations'),
      ).toMatchObject([{ level: 'info', action, client_address: '127.0.0.1' }]);
    }
  });

  test('tells what it runs on, and no secret', async () => {
    const { status, body } = await operator.get('/ops/info');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: packageJson.version,
      node_version: process.versions.node,
      jwt_keys: [{ kid: null, status: 'current' }],
      certificates: [{ name: 'client', days_remaining: 40 }],
      migrations: { latest: 'test', pending: 0 },
      pool: { max: 50 },
      maintenance: { is_on: false, message: null, until: null, started_at: null, started_by: null },
    });
    expect(JSON.stringify(body)).not.toMatch(/a-secret-for-tests|operators-token|postgres/);
  });

  test.each([true, false])('reloads its configuration, and says whether it could: %s', async (isSuccess) => {
    isReloadable = isSuccess;
    const reply = await operator.post('/ops/reload');
    expect([reply.status, reply.body]).toEqual([200, { is_success: isSuccess }]);
    expect(await events(reply.headers.get('x-request-id'))).toMatchObject([
      { action: 'configuration.reloaded', details: { is_success: isSuccess } },
    ]);
  });
});
