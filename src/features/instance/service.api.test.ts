import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, password, signupBody, type Tenant } from '../../../test/harness/tenant.ts';
import {
  fixedKey,
  newKeyPair,
  readKeyPair,
  type SigningKey,
  type SigningKeys,
} from '../../platform/auth/key-ring/index.ts';

let app: TestApp;
let tenant: Tenant;
/** Whether the database answers, as far as the health check is told. */
let isDatabaseGone = false;

beforeAll(async () => {
  app = await startApp({
    checks: {
      async database() {
        if (isDatabaseGone) {
          throw new Error('connect ECONNREFUSED db.internal:5432');
        }
      },
    },
  });
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${app.url}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
/** What is not there with the reply comes soon after it. */
const soon = { timeout: 120_000 };
/** What a series has in a scrape; undefined where there is none. */
const sampleOf = async (series: string): Promise<number | undefined> => {
  const line = (await get('/metrics')).text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
};

describe('/health', () => {
  test('is the document of the operations guide, with the top-level database of v1', async () => {
    const { status, headers, text } = await get('/health');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const document = JSON.parse(text);
    expect(document).toEqual({
      status: 'healthy',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      version: packageJson.version,
      database: 'healthy',
      dependencies: { database: 'healthy', redis: 'disabled' },
    });
    expect(Math.abs(Date.parse(document.timestamp) - Date.now())).toBeLessThan(5_000);
  });

  test('answers HEAD, and health+json to who asks for it', async () => {
    expect((await fetch(`${app.url}/health`, { method: 'HEAD' })).status).toBe(200);
    const { headers, text } = await get('/health', { accept: 'application/health+json' });
    expect([headers.get('content-type'), JSON.parse(text)]).toMatchObject([
      expect.stringContaining('application/health+json'),
      { status: 'pass', releaseId: packageJson.version },
    ]);
  });

  test('tells operators more, and nobody where the database is', async () => {
    const { text } = await get('/health/detailed');
    expect(JSON.parse(text)).toMatchObject({
      status: 'healthy',
      database: 'healthy',
      details: { database: { pool: { max: 50 } } },
    });
    await using elsewhere = await startApp({
      operations: { allowedAddresses: ['192.0.2.1'], token: 'an-operators-token', hasOwnListener: false },
    });
    const path = `${elsewhere.url}/health/detailed`;
    const trimmed = await (await fetch(path)).json();
    expect(Object.keys(trimmed as object)).toEqual([
      'status',
      'timestamp',
      'version',
      'database',
      'dependencies',
    ]);
    const headers = { authorization: 'Bearer an-operators-token' };
    expect(await (await fetch(path, { headers })).json()).toHaveProperty('details');
  });

  test('turns to 503 when the database goes, and back when it returns; probes stay as they are', async () => {
    const status = async () => (await get('/health')).status;
    isDatabaseGone = true;
    await expect.poll(status, soon).toBe(503);
    const { text } = await get('/health');
    expect(JSON.parse(text)).toMatchObject({
      status: 'unhealthy',
      database: 'unhealthy',
      dependencies: { database: 'unhealthy' },
    });
    expect(text).not.toContain('db.internal');
    expect((await get('/health/live')).status).toBe(200);
    expect(await sampleOf('brownie_health_status{dependency="database"}')).toBe(0);
    isDatabaseGone = false;
    await expect.poll(status, soon).toBe(200);
    expect(await sampleOf('brownie_health_status{dependency="database"}')).toBe(1);
  });

  test('has probes that follow the life of the instance', async () => {
    await using own = await startApp();
    const phases = async () =>
      Promise.all(
        ['live', 'startup', 'ready'].map(async (name) => (await fetch(`${own.url}/health/${name}`)).status),
      );
    expect(await phases()).toEqual([200, 503, 503]);
    own.app.lifecycle.started();
    expect(await phases()).toEqual([200, 200, 200]);
    own.app.lifecycle.drain();
    expect(await phases()).toEqual([200, 200, 503]);
  });
});

describe('/metrics', () => {
  test('is OpenMetrics for whoever asks for it, with the same series', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';
    const open = await fetch(`${app.url}/metrics`, { headers: { accept } });
    expect([open.headers.get('content-type'), open.headers.get('vary')]).toEqual([
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
      'Accept',
    ]);
    const series = (text: string) => text.match(/^http_\S*(?= )/gm)?.toSorted();
    expect(series(await open.text())).toEqual(series((await get('/metrics')).text));
  });

  test('has the metrics of the operations guide, as Prometheus reads them', async () => {
    const { status, headers, text } = await get('/metrics');
    expect([status, headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/plain; version=0\.0\.4/),
    ]);
    for (const [name, type] of [
      ['http_requests_total', 'counter'],
      ['http_request_duration_seconds', 'histogram'],
      ['database_connections_active', 'gauge'],
      ['database_connections_max', 'gauge'],
      ['jwt_tokens_issued_total', 'counter'],
      ['authentication_failures_total', 'counter'],
    ]) {
      expect(text).toContain(`# TYPE ${name} ${type}\n`);
    }
    expect(await sampleOf('database_connections_max')).toBe(50);
  });

  test('has the template of a route for its endpoint, and every route at 0 before it was ever asked for', async () => {
    const { id } = await tenant.incident();
    await tenant.owner.client.get(`/incidents/${id}`);
    const labels = 'method="GET",endpoint="/api/v1/incidents/:incident_id"';
    await expect.poll(() => sampleOf(`http_requests_total{${labels},status="200"}`), soon).toBe(1);
    expect(await sampleOf(`http_requests_total{${labels},status="500"}`)).toBe(0);
    expect(await sampleOf(`http_request_duration_seconds_count{${labels}}`)).toBe(1);
    const { text } = await get('/metrics');
    expect(text).not.toContain(id);
    for (const { method, url } of app.app.routes) {
      expect(text).toContain(`http_requests_total{method="${method}",endpoint="/api/v1${url}",status="503"}`);
    }
  });

  test('gains no series from paths that lead nowhere', async () => {
    const unmatched = 'http_requests_total{method="OTHER",endpoint="unmatched",status="404"}';
    await get('/nothing');
    await expect.poll(() => sampleOf(unmatched), soon).toBe(1);
    // @NOTE those of requests: what Node tells of its handles comes and goes.
    const series = async () => (await get('/metrics')).text.match(/^http_.*(?= )/gm)?.length;
    const before = await series();
    for (let n = 0; n < 30; n += 1) {
      await get(`/nothing/${n}?q=${n}`);
    }
    await expect.poll(() => sampleOf(unmatched), soon).toBe(31);
    expect(before).toBeGreaterThan(100);
    expect(await series()).toBe(before);
  });

  test('counts tokens, and failures by reason', async () => {
    await using own = await startApp();
    const metric = async (series: string) => {
      const text = await (await fetch(`${own.url}/metrics`)).text();
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.slice(series.length),
      );
    };
    const body = signupBody();
    await own.anonymous.post('/auth/signup', body);
    await own.anonymous.post('/auth/login', { email: body.email, password });
    expect(await metric('jwt_tokens_issued_total')).toBe(2);

    const gone = await tenant.person('member');
    await tenant.owner.client.put(`/users/${gone.id}`, { is_active: false });
    await own.anonymous.post('/auth/login', { email: body.email, password: 'not the one of before' });
    await own.anonymous.get('/auth/me');
    await own.clientOf('garbage').get('/auth/me');
    await own.clientOf(gone.client.token ?? '').get('/auth/me');
    const counts = { wrong_credentials: 1, missing_token: 1, invalid_token: 1, inactive_user: 1 };
    for (const [reason, count] of Object.entries({ ...counts, sso_rejected: 0, sso_unknown_user: 0 })) {
      expect([reason, await metric(`authentication_failures_total{reason="${reason}"}`)]).toEqual([
        reason,
        count,
      ]);
    }
    expect(await metric('jwt_tokens_issued_total')).toBe(2);
  });

  test('shows the connections that are in use', async () => {
    const { id } = await tenant.incident();
    const holder = await app.superuser.connect();
    await holder.query('begin');
    await holder.query('select from incidents where id = $1 for update', [id]);
    const waiting = tenant.owner.client.put(`/incidents/${id}`, { title: 'x' });
    await expect.poll(() => sampleOf('database_connections_active'), soon).toBe(1);
    await holder.query('rollback');
    holder.release();
    expect((await waiting).status).toBe(200);
    await expect.poll(() => sampleOf('database_connections_active'), soon).toBe(0);
  });
});

describe('/metrics where it is for operators', () => {
  test('is shown by address and by token, and to nobody who comes through an unknown proxy', async () => {
    const token = 'an-operators-token';
    const gated = { token, hasOwnListener: false, areMetricsGated: true };
    await using here = await startApp({ operations: { ...gated, allowedAddresses: ['127.0.0.1'] } });
    await using elsewhere = await startApp({ operations: { ...gated, allowedAddresses: ['192.0.2.1'] } });
    const statusAt = async ({ url }: TestApp, headers: Record<string, string> = {}) =>
      (await fetch(`${url}/metrics`, { headers })).status;
    const bearer = { authorization: `Bearer ${token}` };
    expect([await statusAt(here), await statusAt(elsewhere), await statusAt(elsewhere, bearer)]).toEqual([
      200, 401, 200,
    ]);
    for (const forwarded of ['203.0.113.9', '127.0.0.1', '']) {
      expect(await statusAt(here, { 'x-forwarded-for': forwarded })).toBe(401);
    }
    const spellings = [
      '/metrics/',
      '/METRICS',
      '/%6detrics',
      '/api/v1/%2e%2e/%2e%2e/metrics',
      '//metrics',
      '/metrics?x=1',
    ];
    for (const path of spellings) {
      expect([401, 404]).toContain((await fetch(`${elsewhere.url}${path}`)).status);
    }
  });
});

test('whom to tell of a fault is said where the operator has named somebody', async () => {
  await using named = await startApp({ securityContacts: ['mailto:security@example.com'] });
  const reply = await fetch(`${named.url}/.well-known/security.txt`);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(await reply.text()).toMatch(/^Contact: mailto:security@example\.com\nExpires: \S+Z\n$/);
  expect((await fetch(`${app.url}/.well-known/security.txt`)).status).toBe(404);
});

test('public keys are shown to everybody, and sent once to whoever has them', async () => {
  const none = await fetch(`${app.url}/.well-known/jwks.json`);
  expect([none.status, await none.json()]).toEqual([200, { keys: [] }]);
  const { kid, key } = await newKeyPair('EdDSA');
  const current: SigningKey = {
    kid,
    key,
    pair: readKeyPair(kid, key),
    status: 'current',
    acceptsUnnamed: false,
  };
  const keys: SigningKeys = {
    ...fixedKey(''),
    current: () => current,
    named: () => [current],
    all: () => [current],
  };
  await using paired = await startApp({ jwt: { keys, algorithm: 'EdDSA', expiresMinutes: 60 } });
  const url = `${paired.url}/.well-known/jwks.json`;
  const reply = await fetch(url);
  expect([
    reply.status,
    reply.headers.get('content-type'),
    reply.headers.get('cache-control'),
    await reply.json(),
  ]).toEqual([
    200,
    'application/jwk-set+json',
    'public, max-age=5',
    { keys: [{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid, use: 'sig', alg: 'EdDSA' }] },
  ]);
  const tag = reply.headers.get('etag') ?? '';
  const again = await fetch(url, { headers: { 'if-none-match': `"other", W/${tag}` } });
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
  const tenant = await newTenant(paired);
  expect((await tenant.owner.client.get('/auth/me')).status).toBe(200);
});
