import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { badTokens, handMade } from '../harness/bad-tokens.ts';
import { bodyOf, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';

let app: TestApp;
let world: World;

beforeAll(async () => {
  app = await startApp();
  world = await newWorld(app);
});
afterAll(() => app[Symbol.asyncDispose]());

test('without a token, every route that is not public answers 401 and changes nothing', async () => {
  const routes = app.app.routes.filter((route) => route.permission !== 'public');
  expect(routes.length).toBeGreaterThan(35);
  const before = await rowsOf(app, world.tenant.orgId);
  for (const route of routes) {
    const reply = await app.anonymous.send(route.method, pathOf(route, world.ids), bodyOf(route, world.ids));
    expect(
      [reply.status, reply.body.detail, reply.headers.get('www-authenticate')],
      route.operationId,
    ).toEqual([401, 'Could not validate credentials', 'Bearer']);
  }
  expect(await rowsOf(app, world.tenant.orgId)).toBe(before);
});

test('every kind of bad token is refused in the same words', async () => {
  const good = world.tenant.owner.client.token ?? '';
  const asked = (authorization: string) => app.anonymous.get('/auth/me', { headers: { authorization } });
  expect((await asked(`Bearer ${handMade(good)}`)).status).toBe(200);
  for (const [kind, token] of Object.entries(badTokens(good))) {
    const reply = await asked(`Bearer ${token}`);
    expect([reply.status, reply.body.detail, reply.body.code], kind).toEqual([
      401,
      'Could not validate credentials',
      'auth.unauthenticated',
    ]);
  }
  for (const authorization of [`Basic ${good}`, good, `Bearer ${good} ${good}`]) {
    expect((await asked(authorization)).status).toBe(401);
  }
  expect((await asked(`bearer ${good}`)).status).toBe(200);
});

test('a token dies with its user, at the next request', async () => {
  const { tenant } = world;
  const [deleted, deactivated] = [await tenant.person('member'), await tenant.person('member')];
  expect((await deleted.client.get('/auth/me')).status).toBe(200);
  await tenant.owner.client.delete(`/users/${deleted.id}`);
  await tenant.owner.client.put(`/users/${deactivated.id}`, { is_active: false });
  expect((await deleted.client.get('/auth/me')).status).toBe(401);
  expect((await deactivated.client.get('/auth/me')).status).toBe(401);
});
