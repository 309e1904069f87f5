import { randomUUID } from 'node:crypto';
import fastJsonStringify, { type Schema } from 'fast-json-stringify';
import Fastify from 'fastify';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { fixedKey } from '../../src/platform/auth/key-ring/index.ts';
import { Tokens } from '../../src/platform/auth/tokens.ts';
import { DatabaseProbe } from '../../src/platform/database/database-probe.ts';
import { createPool } from '../../src/platform/database/pool.ts';
import { requirePermissions } from '../../src/platform/http/register-routes.ts';
import { createValidatorCompiler } from '../../src/platform/http/validation.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { startApp, type TestApp, testSecret } from '../harness/app.ts';
import { newTenant, password, signupBody, type Tenant } from '../harness/tenant.ts';
import { absentIds, bodyOf, pathOf } from '../harness/world.ts';

let app: TestApp;
let tenant: Tenant;
/** An application whose database refuses connections. */
let lost: TestApp;
let lostPool: pg.Pool;
/** An application in which every row that is read makes an unforeseen error. */
let faulty: TestApp;

const causeOfFaults = 'cannot read properties of undefined (reading canary-cause)';

beforeAll(async () => {
  const refusing = new URL(inject('databases').service);
  refusing.port = String(await freePort());
  lostPool = createPool({
    dsn: refusing.href,
    sizeMin: 0,
    sizeMax: 2,
    acquireTimeoutMs: 100,
    recycleSeconds: 60,
    statementTimeoutMs: 2_000,
    lockTimeoutMs: 2_000,
    idleInTransactionTimeoutMs: 2_000,
    queryTimeoutMs: 2_000,
    onIdleError: () => undefined,
  });
  const probe = new DatabaseProbe(refusing.href);
  [app, lost, faulty] = await Promise.all([
    startApp(),
    startApp({ pool: lostPool, checks: { database: () => probe.check() } }),
    startApp({
      queryObserver: {
        checkRow: () => {
          throw new TypeError(causeOfFaults);
        },
      },
    }),
  ]);
  tenant = await newTenant(app);
});
afterAll(async () => {
  await Promise.all([app, lost, faulty].map((each) => each[Symbol.asyncDispose]()));
  await lostPool.end();
});

test('every schema of every route can be compiled, which a start leaves to the first request', () => {
  const compile = createValidatorCompiler();
  const tried = (schema: object, httpPart: string): unknown =>
    compile({ schema, httpPart, method: 'GET', url: '/' })({});
  expect(() => tried({ type: 'object', nonsense: true }, 'body')).toThrow('nonsense');
  for (const { params, query, body, reply, status } of [
    ...app.app.routes,
    ...app.app.scimRoutes,
    ...app.app.operatorRoutes,
  ]) {
    for (const [httpPart, schema] of Object.entries({ params, querystring: query, body })) {
      if (schema !== undefined) {
        tried(schema, httpPart);
      }
    }
    if (status !== 204) {
      fastJsonStringify(reply as Schema);
    }
  }
});

describe('while the database refuses connections', () => {
  const token = () =>
    new Tokens({ keys: fixedKey(testSecret), algorithm: 'HS256', expiresMinutes: 5 }).issue({
      userId: randomUUID(),
      orgId: randomUUID(),
      sessionId: randomUUID(),
      email: 'ada@example.com',
      roles: ['admin'],
      amr: [],
    }).access_token;

  test('/health says so with 503, and the instance itself is alive', async () => {
    const health = await fetch(`${lost.url}/health`);
    expect([health.status, await health.json()]).toMatchObject([
      503,
      {
        status: 'unhealthy',
        database: 'unhealthy',
        dependencies: { database: 'unhealthy', redis: 'disabled' },
      },
    ]);
    expect((await fetch(`${lost.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${lost.url}/metrics`)).status).toBe(200);
  });

  test('every route that needs it answers 503 with Retry-After, as a problem document', async () => {
    const client = lost.clientOf(token());
    const routes = lost.app.routes.filter((route) => route.permission !== 'public');
    const requests = routes.map(
      (route) => () => client.send(route.method, pathOf(route, absentIds()), bodyOf(route, {})),
    );
    requests.push(
      () => lost.anonymous.post('/auth/signup', signupBody()),
      () => lost.anonymous.post('/auth/login', { email: 'ada@example.com', password }),
    );
    for (const send of requests) {
      const { status, headers, body } = await send();
      expect([status, headers.get('content-type'), Number(headers.get('retry-after'))]).toEqual([
        503,
        'application/problem+json',
        expect.toSatisfy((seconds: number) => seconds >= 1),
      ]);
      expect(body).toMatchObject({ status: 503, code: 'service.unavailable' });
      expect(JSON.stringify(body)).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|postgres/);
    }
  });

  test('the log says "connection failed", which operators look for', async () => {
    await lost.clientOf(token()).get('/auth/me');
    const lines = lost.log.filter(({ message }) => String(message).startsWith('connection failed'));
    expect(lines).not.toEqual([]);
    expect(JSON.stringify(lines)).toContain('ECONNREFUSED');
    expect(JSON.stringify(lost.log)).not.toContain(new URL(inject('databases').service).password);
  });
});

describe('an unforeseen error', () => {
  test('is a 500 that quotes the request id, and its cause is in the log only', async () => {
    const reply = await faulty.clientOf(tenant.owner.client.token ?? '').get('/auth/me');
    expect([reply.status, reply.body.code]).toEqual([500, 'service.internal']);
    expect(JSON.stringify(reply.body)).not.toContain('canary-cause');
    const id = reply.headers.get('x-request-id');
    expect(reply.body.request_id).toBe(id);
    const told = faulty.log.filter((line) => line['request_id'] === id && line['level'] === 'error');
    expect(told.filter(({ logger }) => logger !== 'brownie.access')).toMatchObject([
      { request_id: id, message: 'request failed', error: { cause: { message: causeOfFaults } } },
    ]);
  });
});

describe('security headers', () => {
  const api = (path: string, init: RequestInit = {}, to = app) => fetch(`${to.url}/api/v1${path}`, init);
  const json = { 'content-type': 'application/json' };
  const signedIn = () => ({ ...json, authorization: `Bearer ${tenant.owner.client.token}` });
  const put = (path: string, body: object, headers: object = {}) =>
    api(path, { method: 'PUT', headers: { ...signedIn(), ...headers }, body: JSON.stringify(body) });
  const replies: readonly [number, string, () => Promise<Response>][] = [
    // @NOTE not /health, which says 503 while a busy machine keeps the database waiting.
    [200, 'liveness', () => fetch(`${app.url}/health/live`)],
    [200, 'metrics', () => fetch(`${app.url}/metrics`)],
    [200, 'a resource', () => api('/auth/me', { headers: signedIn() })],
    [200, 'HEAD', () => api('/auth/me', { method: 'HEAD', headers: signedIn() })],
    [200, 'the OpenAPI document', () => fetch(`${app.url}/openapi.json`)],
    [400, 'a broken escape', () => api('/incidents/%zz', { headers: signedIn() })],
    [401, 'no token', () => api('/auth/me')],
    [403, 'another organization', () => api(`/organizations/${randomUUID()}/users`, { headers: signedIn() })],
    [404, 'no resource', () => api(`/incidents/${randomUUID()}`, { headers: signedIn() })],
    [404, 'no route', () => fetch(`${app.url}/nothing`)],
    [405, 'no such method', () => api('/auth/me', { method: 'DELETE' })],
    [
      409,
      'a conflict',
      async () =>
        api(`/incidents/${(await tenant.incident()).id}/restore`, {
          method: 'POST',
          headers: { authorization: signedIn().authorization },
        }),
    ],
    [
      412,
      'a stale version',
      async () => put(`/incidents/${(await tenant.incident()).id}`, { title: 'x' }, { 'if-match': '"9"' }),
    ],
    [413, 'a large body', () => put(`/incidents/${randomUUID()}`, { title: 'x'.repeat(1024 * 1024) })],
    [414, 'a long path', () => api(`/incidents/${'x'.repeat(300)}`, { headers: signedIn() })],
    [415, 'a strange body', () => put(`/incidents/${randomUUID()}`, {}, { 'content-type': 'text/plain' })],
    [422, 'a faulty body', () => put(`/incidents/${randomUUID()}`, { unknown: true })],
    [500, 'a fault of ours', () => api('/auth/me', { headers: signedIn() }, faulty)],
    [503, 'a lost database', () => api('/auth/me', { headers: signedIn() }, lost)],
  ];

  test.each(replies)('are on a %d for %s', async (status, _, send) => {
    const response = await send();
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': expect.stringMatching(/^no-(store|cache)$/),
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[\w.-]{1,128}$/),
    });
    expect([...response.headers.keys()]).not.toContain('server');
    expect([...response.headers.keys()]).not.toContain('x-powered-by');
  });
});

describe('secrets', () => {
  test('that clients send are in no line of the log and in no error', async () => {
    const canary = `canary ${randomUUID()}`;
    const compact = canary.replaceAll(' ', '-');
    const { client } = tenant.owner;
    const { email, id } = await tenant.person('member');
    const refused = [
      await app.anonymous.post(
        '/auth/signup',
        signupBody({ password: canary, username: 'no spaces allowed' }),
      ),
      await app.anonymous.post('/auth/signup', `{"password": "${canary}", "email": `),
      await app.anonymous.post('/auth/login', { email, password: canary }),
      await app.anonymous.post('/auth/login', { email, password: [canary] }),
      await app.clientOf(compact).get('/auth/me'),
      await app.clientOf(`${client.token}${compact}`).get('/auth/me'),
      await app.anonymous.get(`/auth/me?access_token=${compact}`, {
        headers: { cookie: `session=${compact}` },
      }),
      await app.anonymous.get(`/reset/${compact}`),
      await client.put(`/users/${id}`, { password: canary, role: 'king' }),
      await lost.anonymous.post('/auth/login', { email, password: canary }),
      await faulty.anonymous.post('/auth/login', { email, password: canary }),
    ];
    expect(refused.filter(({ status }) => status < 400)).toEqual([]);
    const accepted = [
      await app.anonymous.post('/auth/signup', signupBody({ password: canary })),
      await client.put(`/users/${id}`, { password: `${canary} again` }),
    ];
    expect(accepted.map(({ status }) => status)).toEqual([200, 200]);
    const everything = JSON.stringify([refused.map(({ body }) => body), app.log, lost.log, faulty.log]);
    for (const secret of [canary, compact, client.token ?? '', accepted[0]?.body.access_token]) {
      expect(everything).not.toContain(secret);
    }
  });
});

describe('a route without a permission', () => {
  const register = (config?: object) => {
    const server = Fastify();
    requirePermissions(server);
    server.get('/things', { ...(config === undefined ? {} : { config }) }, async () => 'a secret');
  };

  test.each([undefined, {}, { permission: '' }, { permission: 'thing:read' }, { permission: 'constructor' }])(
    'is refused at registration: %j',
    (config) => {
      expect(() => register(config)).toThrow('GET /things names no permission');
    },
  );

  test.each(['public', 'incident:read'])('is not one that names %s', (permission) => {
    expect(() => register({ permission })).not.toThrow();
  });
});
