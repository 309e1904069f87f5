import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { directoryOf } from '../harness/directory.ts';
import { absentIds, bodyOf, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';

let app: TestApp;
let world: World;

beforeAll(async () => {
  app = await startApp();
  world = await newWorld(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Those where a provider of single sign-on sends browsers, with parameters of its own. */
const takesAnyQuery: readonly string[] = [
  'oktaLogin',
  'oktaCallback',
  'oidcLogin',
  'oidcCallback',
  'providerLogin',
  'providerCallback',
];

test('every route refuses a query parameter that it does not know, by name, and does nothing', async () => {
  const { client } = world.tenant.owner;
  const before = await rowsOf(app, world.tenant.orgId);
  const routes = app.app.routes.filter(({ operationId }) => !takesAnyQuery.includes(operationId));
  expect(routes.length).toBeGreaterThan(35);
  for (const route of routes) {
    for (const name of ['surprise', 'constructor', '__proto__']) {
      const path = `${pathOf(route, world.ids)}?${name}=1`;
      const { status, body } = await client.send(route.method, path, bodyOf(route, world.ids));
      expect([route.operationId, status, body.code, body.errors]).toEqual([
        route.operationId,
        422,
        'request.invalid',
        [{ pointer: `/query/${name}`, message: 'is not a field of this request' }],
      ]);
    }
  }
  expect(await rowsOf(app, world.tenant.orgId)).toBe(before);
});

test('every route of SCIM passes over what it does not know, and does the same without it', async () => {
  const directory = await directoryOf(app, world.tenant);
  const before = await rowsOf(app, world.tenant.orgId);
  const routes = app.app.scimRoutes;
  expect(routes.length).toBeGreaterThan(15);
  const ids = absentIds();
  for (const route of routes) {
    const body = { Operations: [], userName: {}, displayName: {} };
    const sent = route.body === undefined ? undefined : body;
    const { status: without } = await directory.send(route.method, pathOf(route, ids), sent);
    for (const name of ['surprise', 'constructor', '__proto__', 'org_id', 'role']) {
      const inQuery = await directory.send(route.method, `${pathOf(route, ids)}?${name}=1`, sent);
      expect([route.operationId, name, inQuery.status]).toEqual([route.operationId, name, without]);
      if (sent !== undefined) {
        const text = `{"${name}":{"role":"owner"},${JSON.stringify(sent).slice(1)}`;
        const inBody = await directory.send(route.method, pathOf(route, ids), text);
        expect([route.operationId, name, inBody.status]).toEqual([route.operationId, name, without]);
      }
    }
  }
  expect(await rowsOf(app, world.tenant.orgId)).toBe(before);
});

test('what SCIM does not know of a person gives them nothing', async () => {
  const directory = await directoryOf(app, world.tenant);
  const { org_id: orgId, user_id: userId } = world.ids;
  const row = async () =>
    (
      await app.superuser.query(
        `select m.role, u.is_verified, u.kind, u.is_active, (select json_agg(t order by t.team_id) from team_memberships t
           where t.user_id = u.id) as teams
         from users u join organization_memberships m on m.user_id = u.id and m.org_id = $1 where u.id = $2`,
        [orgId, userId],
      )
    ).rows;
  const before = await row();
  const wanted =
    '"role":"owner","roles":["admin"],"is_verified":true,"kind":"service_account","home_org_id":null';
  const text = `{"userName":"${randomUUID()}@example.com","__proto__":{"role":"owner"},"org_id":"${randomUUID()}",${wanted}}`;
  const reply = await directory.send('PUT', `/scim/v2/Users/${userId}`, text);
  expect(reply.status).toBe(200);
  expect(await row()).toEqual(before);
});

describe('a Content-Type without a body', () => {
  const types = ['application/json', 'application/json; charset=utf-8', 'text/plain', 'nonsense'];

  test('changes no answer of a route that takes no body', async () => {
    const { client } = world.tenant.owner;
    // @NOTE after these there is no session any more.
    const last = ['logout', 'endSessions'];
    const routes = app.app.routes.filter(
      ({ body, operationId }) => body === undefined && !last.includes(operationId),
    );
    expect(routes.filter(({ method }) => method !== 'GET').length).toBeGreaterThan(5);
    const ids = absentIds();
    for (const route of routes) {
      const path = pathOf(route, ids);
      const without = await client.send(route.method, path);
      for (const type of types) {
        const reply = await client.send(route.method, path, undefined, { headers: { 'content-type': type } });
        expect([route.operationId, type, reply.status, reply.body.code]).toEqual([
          route.operationId,
          type,
          without.status,
          without.body.code,
        ]);
      }
    }
  });

  test('does not keep anything from being deleted and restored', async () => {
    const { client } = world.tenant.owner;
    const headers = { 'content-type': 'application/json' };
    for (const name of ['incidents/:incident_id', 'agent-configs/:config_id', 'users/:user_id']) {
      const path = `/${name.replace(/:(\w+)/, (_, id: string) => world.ids[id] ?? '')}`;
      expect((await client.get(path, { headers })).status).toBe(200);
      expect((await client.delete(path, { headers })).status).toBe(200);
      expect((await client.post(`${path}/restore`, undefined, { headers })).status).toBe(200);
    }
  });

  test('is none, too, where the body is chunked and turns out to be empty', async () => {
    const { id } = await world.tenant.incident();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        `${app.url}/api/v1/incidents/${id}`,
        {
          method: 'DELETE',
          headers: {
            authorization: `Bearer ${world.tenant.owner.client.token}`,
            'content-type': 'application/json',
            'transfer-encoding': 'chunked',
          },
        },
        (reply) => resolve(reply.resume().statusCode),
      );
      sent.on('error', reject);
      sent.end();
    });
    expect(status).toBe(200);
  });

  test('is a body that is missing, where the route takes one', async () => {
    const { client } = world.tenant.owner;
    const path = `/teams/${world.tenant.teamId}/incidents`;
    for (const headers of [{}, { 'content-type': 'application/json' }]) {
      const reply = await client.post(path, undefined, { headers });
      expect([reply.status, reply.body.errors]).toEqual([422, [{ pointer: '', message: 'must be object' }]]);
    }
  });
});
