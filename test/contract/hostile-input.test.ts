import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../../src/platform/audit/audit-trail.fixture.ts';
import { createLogger } from '../../src/platform/observability/logger.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import type { Client } from '../harness/client.ts';
import { directoryOf, ofScim } from '../harness/directory.ts';
import { newTenant, signupBody, type Tenant } from '../harness/tenant.ts';
import { rowsOf } from '../harness/world.ts';

let app: TestApp;
let tenant: Tenant;
let client: Client;
let incidents: string;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  ({ client } = tenant.owner);
  incidents = `/teams/${tenant.teamId}/incidents`;
});
afterAll(() => app[Symbol.asyncDispose]());

/** Sends, expects a 4xx problem and that no row changed; answers the problem. */
async function refused(send: () => Promise<{ status: number; body: { errors?: unknown } }>, status = 422) {
  const before = await rowsOf(app, tenant.orgId);
  const reply = await send();
  expect([reply.status, reply.body]).toMatchObject([status, { status, code: expect.any(String) }]);
  expect(await rowsOf(app, tenant.orgId)).toBe(before);
  return reply.body;
}

describe('titles', () => {
  test.each([
    ['NUL', '"a\\u0000b"'],
    ['a lone high surrogate', '"a\\ud800b"'],
    ['a lone low surrogate', '"\\udc00"'],
  ])('with %s are refused by name', async (_, literal) => {
    const problem = await refused(() => client.post(incidents, `{"title": ${literal}}`));
    expect(problem.errors).toMatchObject([{ pointer: '/title' }]);
  });

  test.each([
    ['four-byte emoji', '🔥🚒👩‍🚒'],
    ['500 combining marks', `e${'\u0301'.repeat(499)}`],
    ['right-to-left text', 'تعطل الخدمة'],
    ['quotes and SQL', `'; drop table incidents; --`],
    ['wildcards', '100%_\\'],
  ])('with %s come back as they were sent', async (_, title) => {
    const created = await client.post(incidents, { title });
    expect([created.status, created.body.title]).toEqual([200, title]);
    expect((await client.get(`/incidents/${created.body.id}`)).body.title).toBe(title);
    const found = await client.get(`${incidents}?q=${encodeURIComponent(title)}`);
    expect(found.body.items.map((each: { title: string }) => each.title)).toEqual([title]);
  });

  test('of 501 characters and of none are refused', async () => {
    for (const title of ['x'.repeat(501), '']) {
      expect((await refused(() => client.post(incidents, { title }))).errors).toMatchObject([
        { pointer: '/title' },
      ]);
    }
  });
});

describe('bodies', () => {
  test.each([
    ['__proto__ for a field', '{"title": "x", "__proto__": {"is_admin": true}}', '/__proto__'],
    ['constructor for a field', '{"title": "x", "constructor": {"prototype": 1}}', '/constructor'],
    ['an unknown field', '{"title": "x", "severity": "high"}', '/severity'],
    ['NUL in a key', '{"title": "x", "incident_metadata": {"a\\u0000": 1}}', '/incident_metadata/a\\0'],
    ['a response-only field', `{"title": "x", "id": "${randomUUID()}"}`, '/id'],
  ])('with %s are refused by name', async (_, body, pointer) => {
    expect((await refused(() => client.post(incidents, body))).errors).toMatchObject([{ pointer }]);
  });

  test.each([
    ['not JSON', '{"title": '],
    ['an empty text', ''],
    [
      'nested 10,000 deep',
      `{"title": "x", "incident_metadata": ${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
    ],
    ['lists nested 10,000 deep', `{"title": "x", "tags": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['a list', '[]'],
    ['null', 'null'],
  ])('that are %s are refused', async (_, body) => {
    await refused(() => client.post(incidents, body));
  });

  test('that are not UTF-8 are refused', async () => {
    const bytes = Buffer.concat([Buffer.from('{"title": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    await refused(() => client.post(incidents, new Uint8Array(bytes)));
  });

  test('of other media types are refused', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data',
    ]) {
      await refused(
        () => client.post(incidents, '{"title": "x"}', { headers: { 'content-type': type } }),
        415,
      );
    }
  });

  test('of 100 MB are refused before they are read', async () => {
    const before = await rowsOf(app, tenant.orgId);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        `${app.url}/api/v1${incidents}`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${client.token}`,
            'content-type': 'application/json',
            'content-length': String(100 * 1024 * 1024),
          },
        },
        (reply) => {
          resolve(reply.statusCode);
          sent.destroy();
        },
      );
      sent.on('error', reject);
      sent.write('{"title": "');
    });
    expect(status).toBe(413);
    expect(await rowsOf(app, tenant.orgId)).toBe(before);
  });
});

describe('SCIM', () => {
  const users = '/scim/v2/Users';
  const userWith = (field: string): string => `{"userName": "${randomUUID()}@example.com", ${field}}`;

  test.each([
    ['NUL in a name', userWith('"displayName": "a\\u0000b"')],
    ['a lone surrogate in a name', userWith('"name": {"givenName": "\\ud800"}')],
    ['NUL in a key', userWith('"a\\u0000": 1')],
    ['a field given twice', userWith('"active": true, "active": false')],
    ['a number beyond doubles', userWith('"externalId": 1e400')],
    ['no JSON', '{"userName": '],
    ['an empty text', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['values nested 10,000 deep', userWith(`"a": ${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
  ])('refuses %s, in its own words, and makes nobody', async (_, body) => {
    const directory = await directoryOf(app, tenant);
    const before = await rowsOf(app, tenant.orgId);
    const { status, body: error } = await directory.post(users, body, ofScim);
    expect([status, error.schemas, error.status]).toEqual([
      400,
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
      '400',
    ]);
    expect(await rowsOf(app, tenant.orgId)).toBe(before);
  });

  test.each([
    'userName eq "\' or 1=1 --"',
    'userName eq "100%_"',
    'userName eq "𝒳🔥"',
    'externalId eq "__proto__"',
  ])('takes the filter %s for a text, and finds nobody', async (filter) => {
    const directory = await directoryOf(app, tenant);
    const { status, body } = await directory.get(`${users}?filter=${encodeURIComponent(filter)}`);
    expect([status, body.totalResults]).toEqual([200, 0]);
  });

  test.each(['userName eq "a\0"', `${'('.repeat(3_000)}`, 'password eq "x"', 'userName eq', 'count=%zz'])(
    'refuses the filter %j',
    async (filter) => {
      const directory = await directoryOf(app, tenant);
      const { status } = await directory.get(`${users}?filter=${encodeURIComponent(filter)}`);
      expect(status).toBe(400);
    },
  );

  test('refuses other media types, and tells nothing of an id that is none', async () => {
    const directory = await directoryOf(app, tenant);
    const headers = { 'content-type': 'text/plain' };
    expect((await directory.post(users, '{}', { headers })).status).toBe(415);
    for (const id of ['1', 'null', "'; select 1 --", `${randomUUID()}x`]) {
      expect((await directory.get(`${users}/${encodeURIComponent(id)}`)).status).toBe(404);
    }
  });
});

describe('query parameters', () => {
  test.each(['0', '-1', '1e9', 'abc', '1.5', '', '101', '٣'])(
    'limit=%s is refused by name',
    async (limit) => {
      const problem = await refused(() => client.get(`${incidents}?limit=${encodeURIComponent(limit)}`));
      expect(problem.errors).toMatchObject([{ pointer: '/query/limit' }]);
    },
  );

  test('limit twice, an unknown filter and unknown values are refused by name', async () => {
    for (const [query, pointer] of [
      ['limit=1&limit=2', '/query/limit'],
      ['offset=1', '/query/offset'],
      ['status=on_fire', '/query/status'],
      ['since=yesterday', '/query/since'],
      ['since=2025-13-45T00:00:00Z', '/query/since'],
    ] as const) {
      expect((await refused(() => client.get(`${incidents}?${query}`))).errors).toMatchObject([{ pointer }]);
    }
  });

  test.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00%2B05:00', '2025-01-01T00:00:00%2B16:00'])(
    'since=%s, which the database could not take, is refused by name',
    async (since) => {
      const problem = await refused(() => client.get(`${incidents}?since=${since}`));
      expect(problem.errors).toMatchObject([{ pointer: '/query/since' }]);
    },
  );

  test('garbage for a cursor is refused by name', async () => {
    for (const cursor of ['garbage', 'AAAA', '%00', '..', 'a'.repeat(400), "'; select 1 --"]) {
      const problem = await refused(() => client.get(`${incidents}?cursor=${encodeURIComponent(cursor)}`));
      expect(problem.errors).toMatchObject([{ pointer: '/query/cursor' }]);
    }
  });

  test('a search with NUL is refused by name', async () => {
    const problem = await refused(() => client.get(`${incidents}?q=a%00b`));
    expect(problem.errors).toMatchObject([{ pointer: '/query/q' }]);
  });
});

describe('paths', () => {
  test('take a UUID in upper case', async () => {
    const { id } = await tenant.incident();
    const reply = await client.get(`/incidents/${id.toUpperCase()}`);
    expect([reply.status, reply.body.id]).toEqual([200, id]);
    const listed = await client.get(`/teams/${tenant.teamId.toUpperCase()}/incidents?limit=1`);
    expect(listed.status).toBe(200);
    const created = await client.post(`/teams/${tenant.teamId.toUpperCase()}/incidents`, {
      title: 'Upper case',
      team_id: tenant.teamId.toUpperCase(),
      organization_id: tenant.orgId.toUpperCase(),
    });
    expect([created.status, created.body.team_id]).toEqual([200, tenant.teamId]);
  });

  test('refuse what is no UUID by name', async () => {
    for (const id of ['1', 'null', '%00', `${randomUUID()}x`]) {
      const problem = await refused(() => client.get(`/incidents/${id}`));
      expect(problem.errors).toMatchObject([{ pointer: '/path/incident_id' }]);
    }
  });

  test('that lead nowhere answer 404, a wrong method 405 with Allow, a broken escape 400', async () => {
    expect((await client.get('/nothing/here')).status).toBe(404);
    const wrong = await client.send('DELETE', incidents);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    expect((await client.get('/incidents/%zz')).status).toBe(400);
    expect((await client.get(`/incidents/${'a'.repeat(9_000)}`)).status).toBe(414);
  });
});

describe('headers', () => {
  test('a sane X-Request-ID comes back, another one is replaced', async () => {
    const sane = await client.get('/auth/me', { headers: { 'x-request-id': 'trace-4711' } });
    expect(sane.headers.get('x-request-id')).toBe('trace-4711');
    for (const id of ['a b', 'x'.repeat(129), '{"a":1}', '<script>']) {
      const replaced = await client.get('/auth/me', { headers: { 'x-request-id': id } });
      expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('an If-Match or an Idempotency-Key that is none is refused by name', async () => {
    const { id } = await tenant.incident();
    const ifMatch = await refused(() =>
      client.put(`/incidents/${id}`, { title: 'x' }, { headers: { 'if-match': 'abc' } }),
    );
    expect(ifMatch.errors).toMatchObject([{ pointer: '/headers/if-match' }]);
    const key = await refused(() =>
      client.post(incidents, { title: 'x' }, { headers: { 'idempotency-key': 'k'.repeat(256) } }),
    );
    expect(key.errors).toMatchObject([{ pointer: '/headers/idempotency-key' }]);
  });
});

test('the address in the log and in the audit trail is one text; what is none is not believed', async () => {
  const log: Record<string, unknown>[] = [];
  await using behindProxy = await startApp({
    http: {
      logger: createLogger({ level: 'INFO', destination: { write: (line) => log.push(JSON.parse(line)) } }),
      corsOrigins: [],
      trustedProxies: ['127.0.0.1'],
    },
  });
  for (const [told, kept] of Object.entries({
    '203.0.113.9': '203.0.113.9',
    '203.0.113.9:5678': '203.0.113.9',
    '::ffff:203.0.113.9': '203.0.113.9',
    '[2001:DB8:0::9]:5678': '2001:db8::9',
    'fe80::1%eth0': 'fe80::1',
    'not-an-ip': '127.0.0.1',
    '1.2.3.4:port': '127.0.0.1',
    ['a'.repeat(400)]: '127.0.0.1',
  })) {
    const reply = await behindProxy.anonymous.post('/auth/signup', signupBody(), {
      headers: { 'x-forwarded-for': told },
    });
    expect([told, reply.status]).toEqual([told, 200]);
    const entries = await auditOf(behindProxy.superuser, reply);
    expect(new Set(entries.map(({ address }) => address))).toEqual(new Set([kept]));
    const id = reply.headers.get('x-request-id');
    const lines = () =>
      log.filter((line) => line['logger'] === 'brownie.access' && line['request_id'] === id);
    await expect.poll(() => lines().map((line) => line['client_address'])).toEqual([kept]);
  }
  const unroutable = await fetch(`${behindProxy.url}/api/v1/%zz`, {
    headers: { 'x-forwarded-for': '[2001:db8::9]:1' },
  });
  const id = unroutable.headers.get('x-request-id');
  await expect
    .poll(() => log.filter((line) => line['request_id'] === id).map((line) => line['client_address']))
    .toEqual(['2001:db8::9']);
});
