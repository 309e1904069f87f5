import { createHmac } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../../../test/harness/app.ts';
import { claimsOf } from '../../../test/harness/identity-provider.ts';
import { createOwnDatabase } from '../../../test/harness/own-database.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';
import { revokeAll } from '../../platform/auth/key-ring/index.ts';
import { createPool } from '../../platform/database/pool.ts';

let app: TestApp;
/** Another instance on the same database. */
let other: TestApp;

beforeAll(async () => {
  [app, other] = await Promise.all([startApp(), startApp()]);
});
afterAll(() => Promise.all([app, other].map((each) => each[Symbol.asyncDispose]())));

/** Somebody who logs in by password, twice: a client of each session, at the other instance. */
async function somebody() {
  const tenant = await newTenant(app);
  const name = unique('s');
  const email = `${name}@example.com`;
  const created = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, {
    email,
    username: name,
    password,
    team_id: tenant.teamId,
    role: 'member',
  });
  const logIn = async () => {
    const reply = await app.anonymous.post('/auth/login', { email, password });
    expect(reply.status).toBe(200);
    return other.clientOf(reply.body.access_token);
  };
  return { tenant, id: created.body.id as string, email, one: await logIn(), two: await logIn(), logIn };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;
const statuses = async ({ one, two }: Pick<Somebody, 'one' | 'two'>): Promise<number[]> => [
  (await one.get('/auth/me')).status,
  (await two.get('/auth/me')).status,
];

test('a login is a session, which its tokens name and its user sees', async () => {
  const { one, two, id, tenant } = await somebody();
  const claims = claimsOf(one.token ?? '');
  const { rows } = await app.superuser.query('select * from sessions where user_id = $1 order by id', [id]);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({
    id: claims['sid'],
    org_id: tenant.orgId,
    method: 'password',
    ended_at: null,
  });
  const { body } = await two.get('/auth/sessions');
  expect(body.items.map((item: { is_current: boolean }) => item.is_current)).toEqual([true, false]);
  expect(body.items[1]).toMatchObject({ id: claims['sid'], method: 'password', address: '127.0.0.1' });
});

test('logout ends one session, at once, on every instance', async () => {
  const people = await somebody();
  const ended = await people.one.post('/auth/logout');
  expect(ended.status).toBe(204);
  expect(await auditOf(app.superuser, ended)).toMatchObject([
    {
      org_id: people.tenant.orgId,
      action: 'session.ended',
      actor_id: people.id,
      resource_type: 'session',
      resource_id: claimsOf(people.one.token ?? '')['sid'],
      address: '127.0.0.1',
    },
  ]);
  expect(await statuses(people)).toEqual([401, 200]);
  expect((await people.one.post('/auth/logout')).status).toBe(401);
});

test('a session is ended by name, and only one’s own', async () => {
  const [people, stranger] = [await somebody(), await somebody()];
  const path = `/auth/sessions/${claimsOf(people.one.token ?? '')['sid']}`;
  expect((await stranger.one.delete(path)).body.code).toBe('session.not_found');
  expect(await statuses(people)).toEqual([200, 200]);
  const revoked = await people.two.delete(path.toUpperCase().replace('/AUTH/SESSIONS', '/auth/sessions'));
  expect(revoked.status).toBe(204);
  expect(await auditOf(app.superuser, revoked)).toMatchObject([
    {
      action: 'session.revoked',
      actor_id: people.id,
      resource_id: claimsOf(people.one.token ?? '')['sid'],
    },
  ]);
  expect(await statuses(people)).toEqual([401, 200]);
  const again = await people.two.delete(path);
  expect(again.status).toBe(404);
  expect(await auditOf(app.superuser, again)).toEqual([]);
  const all = await people.two.delete('/auth/sessions');
  expect(all.status).toBe(204);
  expect(await auditOf(app.superuser, all)).toMatchObject([
    { action: 'user.sessions_ended', actor_id: people.id, resource_type: 'user', resource_id: people.id },
  ]);
  expect(await statuses(people)).toEqual([401, 401]);
});

test('a session is ended in the trail of the organization that it was for, from another one', async () => {
  const { tenant, id, two, logIn } = await somebody();
  const elsewhere = (await two.post('/organizations', { name: unique('Elsewhere') })).body.id;
  const moved = (await two.post('/auth/switch', { organization_id: elsewhere })).body.access_token;
  const home = await logIn();
  const revoked = await home.delete(`/auth/sessions/${claimsOf(moved)['sid']}`);
  expect(revoked.status).toBe(204);
  expect(await auditOf(app.superuser, revoked)).toMatchObject([
    { org_id: elsewhere, action: 'session.revoked', actor_id: id },
  ]);
  expect(elsewhere).not.toBe(tenant.orgId);
});

const changes: Readonly<Record<string, (tenant: Tenant, id: string) => Promise<unknown>>> = {
  'an admin sets their password': ({ owner }, id) =>
    owner.client.put(`/users/${id}`, { password: 'another long passphrase' }),
  'they are deactivated, and activated again': async ({ owner }, id) => {
    await owner.client.put(`/users/${id}`, { is_active: false });
    return await owner.client.put(`/users/${id}`, { is_active: true });
  },
  'they are deleted, and restored': async ({ owner }, id) => {
    await owner.client.delete(`/users/${id}`);
    return await owner.client.post(`/users/${id}/restore`);
  },
};

describe('every session of a user is over when', () => {
  test.each(Object.keys(changes))('%s', async (kind) => {
    const people = await somebody();
    const reply = await changes[kind]?.(people.tenant, people.id);
    expect(reply).toMatchObject({ status: 200 });
    expect(await statuses(people)).toEqual([401, 401]);
  });
});

test('a role that is taken is gone at the next request, of a session that goes on', async () => {
  const { tenant, one, id } = await somebody();
  const incidents = `/teams/${tenant.teamId}/incidents`;
  expect((await one.post(incidents, { title: 'Before' })).status).toBe(200);
  await tenant.owner.client.put(`/users/${id}`, { role: 'viewer' });
  expect((await one.post(incidents, { title: 'After' })).status).toBe(403);
});

test('no login outlives the change that happens beside it', async () => {
  const { tenant, id, email } = await somebody();
  const logins = Array.from({ length: 8 }, () => app.anonymous.post('/auth/login', { email, password }));
  const [changed] = await Promise.all([
    tenant.owner.client.put(`/users/${id}`, { password: 'another long passphrase' }),
    ...logins,
  ]);
  expect(changed.status).toBe(200);
  for (const { status, body } of await Promise.all(logins)) {
    const isIn = status === 200 && (await other.clientOf(body.access_token).get('/auth/me')).status === 200;
    expect([status, isIn]).not.toEqual([200, true]);
  }
});

test('another session’s token does not become another user’s', async () => {
  const [mine, theirs] = [await somebody(), await somebody()];
  const [header = '', payload = ''] = (mine.one.token ?? '').split('.');
  const claims = { ...claimsOf(mine.one.token ?? ''), sid: claimsOf(theirs.one.token ?? '')['sid'] };
  const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  const signature = createHmac('sha256', testSecret).update(signed).digest('base64url');
  expect(payload).not.toBe('');
  expect((await app.clientOf(`${signed}.${signature}`).get('/auth/me')).status).toBe(401);
});

test('tokens of the release before are good until something happens to their user, and no longer than was said', async () => {
  await using database = await createOwnDatabase();
  await using stack = new AsyncDisposableStack();
  const pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 5,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  stack.defer(() => pool.end());
  const owner = new pg.Client({ connectionString: database.owner });
  await owner.connect();
  stack.defer(() => owner.end());
  const updated = stack.use(await startApp({ pool }));
  const person = (await newTenant(updated)).owner;
  const { sub, org_id } = claimsOf(person.client.token ?? '');
  const token = createSigner({ key: testSecret, expiresIn: 600_000 })({ sub, org_id });
  const status = async () => (await updated.clientOf(token).get('/auth/me')).status;
  const until = (when: string) => owner.query(`update credential_epoch set unbound_until = ${when}`);
  expect(await status()).toBe(401);
  await until(`now() + interval '1 hour'`);
  expect(await status()).toBe(200);
  await until('now()');
  expect(await status()).toBe(401);
  await until(`now() + interval '1 hour'`);
  expect((await updated.clientOf(token).post('/auth/logout')).status).toBe(204);
  expect([await status(), (await person.client.get('/auth/me')).status]).toEqual([401, 401]);

  // As a restore does it: src/operations/backup/restore/end-credentials.ts.
  const { client } = (await newTenant(updated)).owner;
  const [before] = [(await client.get('/auth/me')).status];
  await owner.query(`update credential_epoch set epoch = gen_random_uuid(), unbound_until = '-infinity'`);
  expect([before, (await client.get('/auth/me')).status]).toEqual([200, 401]);
  const since = (await newTenant(updated)).owner.client;
  expect((await since.get('/auth/me')).status).toBe(200);

  // As `brownie jwt revoke-all` does it: the keys of this instance are others, its sessions are not.
  await revokeAll(owner, { current: testSecret });
  expect((await since.get('/auth/me')).status).toBe(401);
});
