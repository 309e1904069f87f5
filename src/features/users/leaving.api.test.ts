import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

/** A user of a tenant, who founds an organization of their own. */
async function founder(tenant: Tenant) {
  const name = unique('founder');
  const email = `${name}@example.com`;
  const created = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, {
    email,
    username: name,
    password,
    team_id: tenant.teamId,
  });
  const logIn = () => app.anonymous.post('/auth/login', { email, password });
  const client = app.clientOf((await logIn()).body.access_token);
  const founded = await client.post('/organizations', { name: unique('X') });
  expect([created.status, founded.status]).toEqual([200, 200]);
  return { id: created.body.id as string, email, client, orgId: founded.body.id as string, logIn };
}
const homeOf = async (id: string) =>
  (await app.superuser.query('select org_id, deleted_at, is_active from users where id = $1', [id])).rows[0];

test('an organization sets nothing of a person who belongs to another one, too, but their role in it', async () => {
  const tenant = await newTenant(app);
  const { id, logIn } = await founder(tenant);
  const put = (fields: object) => tenant.owner.client.put(`/users/${id}`, fields);
  for (const fields of [
    { password: 'of the admin of the other one' },
    { email: `${unique('taken')}@example.com` },
    { username: unique('taken') },
    { is_active: false },
    { full_name: 'Taken' },
  ]) {
    const reply = await put(fields);
    expect([reply.status, reply.body.code, reply.body.errors?.[0].pointer]).toEqual([
      403,
      'user.field_forbidden',
      `/${Object.keys(fields)[0]}`,
    ]);
  }
  expect((await put({ role: 'viewer' })).status).toBe(200);
  expect((await logIn()).status).toBe(200);
});

test('who is deleted in one organization goes on in the other', async () => {
  const tenant = await newTenant(app);
  const { id, orgId, client, logIn } = await founder(tenant);
  const reply = await tenant.owner.client.delete(`/users/${id}`);
  expect([reply.status, reply.body]).toEqual([200, { message: 'User deleted successfully' }]);
  expect(await homeOf(id)).toEqual({ org_id: orgId, deleted_at: null, is_active: true });
  expect((await client.get('/auth/me')).status).toBe(401);
  const again = app.clientOf((await logIn()).body.access_token);
  expect((await again.get('/auth/me')).body).toMatchObject({ id, org_id: orgId, role: 'admin' });
  expect((await again.get(`/organizations/${tenant.orgId}`)).status).toBe(404);

  for (const gone of [
    await tenant.owner.client.get(`/users/${id}`),
    await tenant.owner.client.get(`/users/${id}?include_deleted=true`),
    await tenant.owner.client.put(`/users/${id}`, { role: 'admin' }),
    await tenant.owner.client.delete(`/users/${id}`),
    await tenant.owner.client.post(`/users/${id}/restore`),
  ]) {
    expect(gone.status).toBe(404);
  }
  const users = await tenant.owner.client.get(`/organizations/${tenant.orgId}/users`);
  expect(users.body.items.map((user: { id: string }) => user.id)).toEqual([tenant.owner.id]);
  const { rows } = await app.superuser.query(
    `select action, org_id from audit_events where resource_id = $1 and action like 'user.%' order by occurred_at`,
    [id],
  );
  expect(rows).toEqual([
    { action: 'user.created', org_id: tenant.orgId },
    { action: 'user.removed', org_id: tenant.orgId },
  ]);
});

test('who founds an organization while they are deleted has it, or is deleted', async () => {
  const tenant = await newTenant(app);
  for (let round = 0; round < 6; round += 1) {
    const { id, client } = await tenant.person('member');
    const [founded, deleted] = await Promise.all([
      client.post('/organizations', { name: unique('X') }),
      tenant.owner.client.delete(`/users/${id}`),
    ]);
    expect(deleted.status).toBe(200);
    const { deleted_at, org_id } = await homeOf(id);
    expect([founded.status, deleted_at === null, org_id === tenant.orgId]).toEqual(
      founded.status === 200 ? [200, true, false] : [401, false, true],
    );
  }
});
