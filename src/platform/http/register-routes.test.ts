import { randomUUID } from 'node:crypto';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import type { Caller } from '../auth/caller.ts';
import { known } from '../auth/principal.fixture.ts';
import type { Principal } from '../auth/principal.ts';
import { PayloadFingerprints } from '../changes/payload-fingerprints.ts';
import { createLogger } from '../observability/logger.ts';
import { exactly, Uuid } from '../schemas/common-schemas.ts';
import { createHttpServer } from './http-server.ts';
import { Redirection } from './redirection.ts';
import { registerRoutes, requirePermissions } from './register-routes.ts';
import { publicRoute, type Route, route } from './route.ts';

const orgId = randomUUID();
const principal: Principal = {
  userId: randomUUID(),
  email: 'ada@example.com',
  username: 'ada',
  orgId,
  organizations: new Map([[orgId, 'member']]),
  teams: new Map(),
};
const Reply = Type.Object({ id: Type.String(), version: Type.Optional(Type.Integer()) });

async function server(...routes: Route[]): Promise<FastifyInstance> {
  const logger = createLogger({ level: 'CRITICAL', destination: { write: () => undefined } });
  const app = await createHttpServer({ logger, corsOrigins: [], trustedProxies: [] });
  requirePermissions(app);
  registerRoutes(app, routes, {
    authenticate: () => known(principal),
    fingerprints: new PayloadFingerprints(['a secret of the unit tests']),
  });
  return app;
}

const common = { operationId: 'test', tag: 'Test', summary: 'Test', status: 200 } as const;
const thing = (fields: Partial<Parameters<typeof route>[0]> = {}): Route =>
  route({
    ...common,
    method: 'GET',
    url: '/things/:thing_id',
    permission: 'organization:read',
    params: exactly({ thing_id: Uuid }),
    reply: Reply,
    handle: async ({ caller, params }) => {
      (caller as Caller).authorize({ orgId });
      return { id: (params as { thing_id: string }).thing_id };
    },
    ...fields,
  });

async function ask(app: FastifyInstance, options: InjectOptions) {
  const reply = await app.inject(options);
  return { status: reply.statusCode, headers: reply.headers, body: reply.json() };
}
const id = randomUUID();
const url = `/api/v1/things/${id}`;

describe('a route', () => {
  test.each([undefined, '', 'thing:read', 'toString'])(
    'with %j for a permission does not start',
    async (permission) => {
      await expect(server(thing({ permission: permission as never }))).rejects.toThrow(
        'GET /api/v1/things/:thing_id names no permission; give it one of the table, or "public"',
      );
    },
  );

  test('that answers before its permission was checked gives nothing away', async () => {
    const app = await server(thing({ handle: async () => ({ id: 'secret' }) }));
    const reply = await ask(app, { url });
    expect([reply.status, reply.body.code]).toEqual([500, 'service.internal']);
    expect(JSON.stringify(reply.body)).not.toContain('secret');
  });

  test('for anyone is told nothing of a principal', async () => {
    const app = await server(
      publicRoute({
        ...common,
        method: 'GET',
        url: '/open',
        permission: 'public',
        reply: Type.Object({ keys: Type.Array(Type.String()) }),
        handle: async ({ caller }) => ({ keys: Object.keys(caller) }),
      }),
    );
    expect((await ask(app, { url: '/api/v1/open' })).body).toEqual({
      keys: ['requestId', 'address', 'idempotencyKey', 'accept', 'cookies'],
    });
  });

  test('takes ids in upper case and hands them on in lower case', async () => {
    const reply = await ask(await server(thing()), { url: `/api/v1/things/${id.toUpperCase()}` });
    expect([reply.status, reply.body]).toEqual([200, { id }]);
  });

  test('refuses methods that it does not have, and names those that it has', async () => {
    const app = await server(thing(), thing({ method: 'DELETE' }));
    const reply = await ask(app, {
      method: 'PATCH',
      url,
      payload: 'not json',
      headers: { 'content-type': 'text/plain' },
    });
    expect([reply.status, reply.headers['allow'], reply.body.code]).toEqual([
      405,
      'DELETE, GET, HEAD',
      'request.method_not_allowed',
    ]);
  });
});

describe('a redirect', () => {
  const open = (redirects: boolean): Route =>
    publicRoute({
      ...common,
      method: 'GET',
      url: '/open',
      permission: 'public',
      redirects,
      reply: Reply,
      handle: async () => new Redirection('https://id.example.com/?a=b', ['one=1; Path=/', 'two=2; Path=/']),
    });

  test('goes to where the handler says, with its cookies and the headers of every reply', async () => {
    const app = await server(open(true));
    const reply = await app.inject({ url: '/api/v1/open' });
    expect([reply.statusCode, reply.body]).toEqual([302, '']);
    expect(reply.headers).toMatchObject({
      location: 'https://id.example.com/?a=b',
      'set-cookie': ['one=1; Path=/', 'two=2; Path=/'],
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  });

  test('of a route that does not declare it goes nowhere', async () => {
    const reply = await ask(await server(open(false)), { url: '/api/v1/open' });
    expect([reply.status, reply.headers['location'], reply.headers['set-cookie']]).toEqual([
      500,
      undefined,
      undefined,
    ]);
  });
});

describe('headers of a reply', () => {
  test('name the version and the place, where the route says so', async () => {
    const declared = thing({
      etag: () => 7,
      location: (thing: { id: string }) => `/things/${thing.id}`,
    } as never);
    const reply = await ask(await server(declared), { url });
    expect(reply.headers).toMatchObject({ etag: '"7"', location: url });
  });

  test('tell a reply that was given again', async () => {
    const replay = thing({
      method: 'POST',
      idempotent: true,
      handle: async ({ caller }) => {
        const { idempotency } = caller as Caller;
        (caller as Caller).authorize({ orgId });
        (caller as Caller).replayed = idempotency !== undefined;
        return { id: `${idempotency?.route} ${idempotency?.key}` };
      },
    });
    const app = await server(replay);
    const first = await ask(app, { method: 'POST', url });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const again = await ask(app, { method: 'POST', url, headers: { 'idempotency-key': 'k-1' } });
    expect([again.headers['idempotency-replayed'], again.body.id]).toEqual(['true', `POST ${url} k-1`]);
  });
});

describe('an Idempotency-Key', () => {
  const keyed = thing({
    method: 'POST',
    idempotent: true,
    query: exactly({ mode: Type.Optional(Type.String()) }),
    handle: async ({ caller }) => {
      const { idempotency } = caller as Caller;
      (caller as Caller).authorize({ orgId });
      return { id: `${idempotency?.route} ${idempotency?.fingerprint[0].toString('hex')}` };
    },
  });
  const standsFor = async (app: FastifyInstance, target: string): Promise<string[]> =>
    (await ask(app, { method: 'POST', url: target, headers: { 'idempotency-key': 'k-1' } })).body.id.split(
      ' ',
    );

  test('is one of the route with its ids, whatever the spelling of the address', async () => {
    const app = await server(keyed);
    for (const target of [
      url,
      url.toUpperCase().replace('/API/V1/THINGS', '/api/v1/things'),
      `${url}?mode=a`,
    ]) {
      expect((await standsFor(app, target)).slice(0, 2)).toEqual(['POST', url]);
    }
  });

  test('stands for the query, too, where the route takes one', async () => {
    const app = await server(keyed);
    const [none, again, one, other] = await Promise.all(
      [url, `${url}?`, `${url}?mode=a`, `${url}?mode=b`].map(
        async (target) => (await standsFor(app, target))[2],
      ),
    );
    expect(again).toBe(none);
    expect(new Set([none, one, other]).size).toBe(3);
  });
});

describe('If-Match', () => {
  const versioned = thing({
    ifMatch: true,
    handle: async ({ caller, ifMatch }) => {
      (caller as Caller).authorize({ orgId });
      return { id: String(ifMatch) };
    },
  });

  test.each([
    ['"3"', '3'],
    ['3', '3'],
    ['W/"3"', '3'],
    [' "3" ', '3'],
    ['*', 'undefined'],
    [undefined, 'undefined'],
  ])('%j is version %s', async (header, version) => {
    const headers = header === undefined ? {} : { 'if-match': header };
    expect((await ask(await server(versioned), { url, headers })).body).toEqual({ id: version });
  });

  test.each(['abc', '3, 4', '"1.5"', '-1', '', '12345678901'])('%j is none', async (header) => {
    const reply = await ask(await server(versioned), { url, headers: { 'if-match': header } });
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/headers/if-match' }]]);
  });

  test('does not matter to a route that does not take it', async () => {
    const reply = await ask(await server(thing()), { url, headers: { 'if-match': 'abc' } });
    expect(reply.status).toBe(200);
  });
});
