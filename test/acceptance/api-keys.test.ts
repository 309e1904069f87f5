import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { keyOf } from '../harness/api-key.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant, type Tenant } from '../harness/tenant.ts';
import { brownie } from './service-process.ts';

let app: TestApp;
let tenant: Tenant;
let keys: readonly { readonly id: string; readonly key: string }[];

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  const { orgId, owner } = tenant;
  const make = () => keyOf(app.superuser, { orgId, userId: owner.id, scopes: ['stats:read'] });
  keys = [await make(), await make(), await make()];
});
afterAll(() => app[Symbol.asyncDispose]());

const logins = inject('databases');
const apiKeys = async (...args: string[]) => {
  const { code, stdout, stderr } = await brownie(['api-keys', ...args], {
    METADATA_POSTGRES_DSN: logins.service,
    METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
    METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
  });
  expect(stdout).not.toMatch(/brw_/);
  return { code, stdout, stderr };
};
const statuses = async () =>
  await Promise.all(keys.map(async ({ key }) => (await app.clientOf(key).get('/auth/me')).status));

test('the operator lists the keys of an organization, and revokes one, or all', async () => {
  const { orgId } = tenant;
  const [{ id: first } = { id: '' }] = keys;
  const listed = await apiKeys('list', orgId, '--json');
  expect(
    JSON.parse(listed.stdout)
      .keys.map(({ id }: { id: string }) => id)
      .sort(),
  ).toEqual(keys.map(({ id }) => id).sort());
  const tried = await apiKeys('revoke', orgId, first, '--dry-run');
  expect([tried.code, tried.stdout]).toEqual([0, expect.stringMatching(`^Nothing was changed[^]*${first}`)]);
  expect(await statuses()).toEqual([200, 200, 200]);

  for (const wrong of [
    [first, '--all'],
    [first, randomUUID()],
  ]) {
    expect((await apiKeys('revoke', orgId, ...wrong)).code).toBe(1);
  }
  expect(await statuses()).toEqual([200, 200, 200]);
  expect((await apiKeys('revoke', orgId, first)).code).toBe(0);
  expect(await statuses()).toEqual([401, 200, 200]);
  expect((await apiKeys('revoke', orgId, '--all')).code).toBe(0);
  expect(await statuses()).toEqual([401, 401, 401]);
  expect((await apiKeys('list', orgId)).stdout).toBe('No API keys.\n');

  const { items } = (
    await tenant.owner.client.get(`/organizations/${orgId}/audit-events?action=api_key.revoked`)
  ).body;
  expect(items).toHaveLength(3);
  expect(items[0]).toMatchObject({ actor_type: 'operator', actor_id: null, after: { state: 'revoked' } });
});
