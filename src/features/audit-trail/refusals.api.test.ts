import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf } from '../../../test/harness/api-key.ts';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const refusals = async ({ orgId, owner }: Tenant) =>
  (await owner.client.get(`/organizations/${orgId}/audit-events?action=access.refused&limit=100`)).body.items;

test('what a role may not do is in the trail: who, from where, what', async () => {
  const tenant = await newTenant(app);
  const viewer = await tenant.person('viewer');
  const reply = await viewer.client.delete(`/teams/${tenant.teamId}`);
  expect(reply.status).toBe(403);
  await expect
    .poll(() => refusals(tenant))
    .toMatchObject([
      {
        actor_type: 'user',
        actor_id: viewer.id,
        resource_type: 'user',
        resource_id: viewer.id,
        request_id: reply.headers.get('x-request-id'),
        address: '127.0.0.1',
        after: { operation: 'deleteTeam', code: 'auth.forbidden', ids: { team_id: tenant.teamId } },
      },
    ]);
});

test('what a key lacks the scope for is, too, with the key', async () => {
  const tenant = await newTenant(app);
  const { orgId, owner } = tenant;
  const { id, key } = await keyOf(app.superuser, { orgId, userId: owner.id, scopes: ['incidents:read'] });
  expect((await app.clientOf(key).post(`/teams/${tenant.teamId}/incidents`, { title: 'x' })).status).toBe(
    403,
  );
  await expect
    .poll(() => refusals(tenant))
    .toMatchObject([{ actor_type: 'api_key', api_key_id: id, after: { code: 'auth.scope_missing' } }]);
});

test('what somebody tries at another organization is in their own trail, and in none of the other', async () => {
  const [tenant, other] = [await newTenant(app), await newTenant(app)];
  expect((await tenant.owner.client.get(`/organizations/${other.orgId}/teams`)).status).toBe(403);
  await expect.poll(() => refusals(tenant)).toMatchObject([{ after: { ids: { org_id: other.orgId } } }]);
  expect(await refusals(other)).toEqual([]);
});

test('who is refused all the time leaves ten entries a minute', async () => {
  const tenant = await newTenant(app);
  const viewer = await tenant.person('viewer');
  for (let n = 0; n < 14; n += 1) {
    await viewer.client.delete(`/teams/${tenant.teamId}`);
    await expect.poll(async () => (await refusals(tenant)).length).toBe(Math.min(n + 1, 10));
  }
});
