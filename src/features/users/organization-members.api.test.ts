import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp({ quotas: { organizationsPerUser: 2 } });
});
afterAll(() => app[Symbol.asyncDispose]());

const rolesOf = async ({ orgId }: Tenant): Promise<Record<string, string>> => {
  const { rows } = await app.superuser.query(
    'select user_id, role from organization_memberships where org_id = $1 and removed_at is null',
    [orgId],
  );
  return Object.fromEntries(rows.map(({ user_id, role }) => [user_id, role]));
};
const setRole = ({ owner, orgId }: Tenant, userId: string, role: string) =>
  owner.client.put(`/organizations/${orgId}/members/${userId}`, { role });

test('an owner makes admins and owners, who have their rights at once, and no admin does', async () => {
  const tenant = await newTenant(app);
  const { id, client } = await tenant.person('viewer');
  const makesTeam = async () =>
    (await client.post(`/organizations/${tenant.orgId}/teams`, { name: unique('T') })).status;
  expect(await makesTeam()).toBe(403);
  expect((await setRole(tenant, id, 'admin')).body).toMatchObject({ id, role: 'admin' });
  expect(await makesTeam()).toBe(200);
  const byAdmin = await client.put(`/organizations/${tenant.orgId}/members/${id}`, { role: 'owner' });
  expect([byAdmin.status, byAdmin.body.code]).toEqual([403, 'auth.forbidden']);
  expect((await setRole(tenant, id, 'member')).status).toBe(200);
  expect(await makesTeam()).toBe(403);
  const { rows } = await app.superuser.query(
    `select before, after from audit_events where org_id = $1 and action = 'user.organization_role_changed' order by occurred_at`,
    [tenant.orgId],
  );
  expect(rows.map(({ before, after }) => [before.organization_role, after.organization_role])).toEqual([
    ['member', 'admin'],
    ['admin', 'member'],
  ]);
});

test('ownership passes to another member whole, and the last owner stays', async () => {
  const tenant = await newTenant(app);
  const { owner, orgId } = tenant;
  const { id, client } = await tenant.person('member');
  for (const reply of [await setRole(tenant, owner.id, 'member'), await setRole(tenant, owner.id, 'admin')]) {
    expect([reply.status, reply.body.code]).toEqual([400, 'organization.last_owner']);
  }
  const transfer = (user_id: string) => owner.client.post(`/organizations/${orgId}/transfer`, { user_id });
  expect((await transfer(owner.id)).status).toBe(422);
  expect((await transfer((await newTenant(app)).owner.id)).status).toBe(404);
  expect((await transfer(id)).status).toBe(204);
  expect(await rolesOf(tenant)).toEqual({ [owner.id]: 'admin', [id]: 'owner' });
  expect((await transfer(id)).status).toBe(403);
  expect((await client.put(`/organizations/${orgId}/members/${owner.id}`, { role: 'member' })).status).toBe(
    200,
  );
});

test('of two owners who demote each other at once, one stays', async () => {
  const tenant = await newTenant(app);
  const other = await tenant.person('member');
  await setRole(tenant, other.id, 'owner');
  const path = (id: string) => `/organizations/${tenant.orgId}/members/${id}`;
  await Promise.all([
    tenant.owner.client.put(path(other.id), { role: 'member' }),
    other.client.put(path(tenant.owner.id), { role: 'member' }),
  ]);
  expect(
    Object.values(await rolesOf(tenant)).filter((role) => role === 'owner').length,
  ).toBeGreaterThanOrEqual(1);
});

test('nobody is made the owner of more than they may own, nor a program or a deactivated user an admin', async () => {
  const tenant = await newTenant(app);
  const person = await tenant.person('member');
  for (const name of [unique('X'), unique('Y')]) {
    expect((await person.client.post('/organizations', { name })).status).toBe(200);
  }
  const reply = await setRole(tenant, person.id, 'owner');
  expect([reply.status, reply.body.code]).toEqual([409, 'user.organization_limit_reached']);
  const program = await tenant.owner.client.post(`/organizations/${tenant.orgId}/service-accounts`, {
    name: 'Triage',
    team_id: tenant.teamId,
  });
  expect((await setRole(tenant, program.body.id, 'admin')).status).toBe(422);
});

test('everybody may leave who is not the last owner, the last admin of a team, or without another organization', async () => {
  const tenant = await newTenant(app);
  const { id, client } = await tenant.person('member');
  const leave = (who = client) => who.post(`/organizations/${tenant.orgId}/leave`);
  const alone = await leave();
  expect([alone.status, alone.body.code]).toEqual([409, 'user.last_organization']);
  expect((await client.post('/organizations', { name: unique('X') })).status).toBe(200);
  const last = await leave(tenant.owner.client);
  expect([last.status, last.body.code]).toEqual([400, 'organization.last_owner']);
  expect((await leave()).status).toBe(204);
  expect((await client.get('/auth/me')).status).toBe(401);
  expect(await rolesOf(tenant)).toEqual({ [tenant.owner.id]: 'owner' });
  const { rows } = await app.superuser.query(
    `select action, actor_id from audit_events where org_id = $1 and resource_id = $2 and action = 'user.left'`,
    [tenant.orgId, id],
  );
  expect(rows).toEqual([{ action: 'user.left', actor_id: id }]);
});
