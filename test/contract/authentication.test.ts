import { createHmac } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../harness/app.ts';
import { absentIds, bodyOf, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';

let app: TestApp;
let world: World;

beforeAll(async () => {
  app = await startApp();
  world = await newWorld(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

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
  const { owner, orgId } = world.tenant;
  const claims = { sub: owner.id, org_id: orgId, email: owner.email, roles: ['admin'] };
  const now = Math.floor(Date.now() / 1000);
  const good = owner.client.token ?? '';
  const [header = '', payload = '', signature = ''] = good.split('.');
  const unsigned = `${encode({ alg: 'none', typ: 'JWT' })}.${encode({ ...claims, exp: now + 600 })}.`;
  const foreignOrganization = createSigner({ key: testSecret, expiresIn: 600_000 })({
    ...claims,
    org_id: absentIds()['org_id'],
  });
  const swapped = `${header}.${encode({ ...claims, sub: absentIds()['user_id'], exp: now + 600 })}.${signature}`;
  const hs512Header = encode({ alg: 'HS512', typ: 'JWT' });
  const hs512 = `${hs512Header}.${payload}.${createHmac('sha512', testSecret).update(`${hs512Header}.${payload}`).digest('base64url')}`;
  const tokens: Record<string, string> = {
    garbage: 'garbage',
    empty: '',
    truncated: good.slice(0, -5),
    padded: `${good}=`,
    expired: createSigner({ key: testSecret })({ ...claims, exp: now - 120 }),
    'without expiry': createSigner({ key: testSecret })(claims),
    'without subject': createSigner({ key: testSecret, expiresIn: 600_000 })({ org_id: orgId }),
    'of an unknown user': createSigner({ key: testSecret, expiresIn: 600_000 })({
      ...claims,
      sub: absentIds()['user_id'],
    }),
    'of an organization that is not the user’s': foreignOrganization,
    'signed with another secret': createSigner({
      key: 'another-secret-another-secret-anot',
      expiresIn: 600_000,
    })(claims),
    'of algorithm none': unsigned,
    'of another algorithm': hs512,
    'with another payload': swapped,
  };
  for (const [kind, token] of Object.entries(tokens)) {
    const reply = await app.anonymous.get('/auth/me', { headers: { authorization: `Bearer ${token}` } });
    expect([reply.status, reply.body.detail, reply.body.code], kind).toEqual([
      401,
      'Could not validate credentials',
      'auth.unauthenticated',
    ]);
  }
  for (const authorization of [`Basic ${good}`, good, `Bearer ${good} ${good}`]) {
    expect((await app.anonymous.get('/auth/me', { headers: { authorization } })).status).toBe(401);
  }
  expect((await app.anonymous.get('/auth/me', { headers: { authorization: `bearer ${good}` } })).status).toBe(
    200,
  );
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
