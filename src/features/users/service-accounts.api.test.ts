import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;
let tenant: Tenant;
let account: { readonly id: string; readonly email: string };

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await newTenant(app);
  account = (await create()).body;
});

const create = (fields: object = {}) =>
  tenant.owner.client.post(`/organizations/${tenant.orgId}/service-accounts`, {
    name: 'Triage agent',
    team_id: tenant.teamId,
    ...fields,
  });
const makeKey = (fields: object = {}, { client } = tenant.owner) =>
  client.post(`/organizations/${tenant.orgId}/api-keys`, {
    name: 'Key',
    scopes: ['incidents:read', 'incidents:write', 'incidents:delete'],
    service_account_id: account.id,
    ...fields,
  });
async function keyOfAccount(fields: object = {}) {
  const made = await makeKey(fields);
  expect([made.status, made.body.user_id, made.body.is_of_service_account]).toEqual([201, account.id, true]);
  return { id: made.body.id as string, client: app.clientOf(made.body.key) };
}

describe('a service account', () => {
  test('is a user of the organization whom nobody logs in as', async () => {
    const made = await create({ role: 'viewer' });
    const { id } = made.body;
    expect([made.status, made.headers.get('location'), made.body]).toMatchObject([
      201,
      `/api/v1/users/${id}`,
      {
        full_name: 'Triage agent',
        email: `${id}@service-account.invalid`,
        role: 'viewer',
        team_id: tenant.teamId,
        is_service_account: true,
        is_verified: false,
      },
    ]);
    expect(await auditOf(app.superuser, made)).toMatchObject([
      {
        action: 'user.service_account_created',
        resource_id: id,
        actor_id: tenant.owner.id,
        after: made.body,
      },
    ]);
    expect((await tenant.owner.client.get(`/users/${id}`)).body).toEqual(made.body);
    const login = await app.anonymous.post('/auth/login', { email: made.body.email, password: 'any' });
    expect([login.status, login.body.code]).toEqual([401, 'auth.invalid_credentials']);
  });

  test('takes no password, no address and no other user name, of whom it may be, and of the database neither', async () => {
    for (const fields of [
      { password: 'a horse that nobody has heard of' },
      { email: 'mine@example.com' },
      { username: 'mine' },
    ]) {
      const refused = await tenant.owner.client.put(`/users/${account.id}`, fields);
      expect([refused.status, refused.body.code]).toEqual([403, 'user.field_forbidden']);
    }
    for (const set of [`password_hash = 'x'`, `email = 'mine@example.com'`, `verified_email = email`]) {
      await expect(
        app.superuser.query(`update users set ${set} where id = $1`, [account.id]),
      ).rejects.toMatchObject({ constraint: 'users_service_account_check' });
    }
    expect((await tenant.owner.client.put(`/users/${account.id}`, { full_name: 'Renamed' })).status).toBe(
      200,
    );
  });

  test('is for admins of the organization to make, in a team that is there', async () => {
    const admin = await tenant.person('admin');
    const body = { name: 'Mine', team_id: tenant.teamId };
    const refused = await admin.client.post(`/organizations/${tenant.orgId}/service-accounts`, body);
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
    const foreign = await create({ team_id: (await newTenant(app)).teamId });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'team.not_found']);
  });

  test('stands in for no last admin of a team', async () => {
    await create({ role: 'admin' });
    const last = await tenant.owner.client.delete(`/teams/${tenant.teamId}/members/${tenant.owner.id}`);
    expect([last.status, last.body.code]).toEqual([400, 'team.last_admin']);
  });
});

describe('a key of a service account', () => {
  test('may what the account may at that moment, whatever becomes of who made it', async () => {
    const { client } = await keyOfAccount();
    const made = await client.post(`/teams/${tenant.teamId}/incidents`, { title: 'By a program' });
    expect([made.status, made.body.created_by]).toEqual([200, account.id]);
    expect((await client.delete(`/incidents/${made.body.id}`)).status).toBe(403);
    await tenant.owner.client.put(`/teams/${tenant.teamId}/members/${account.id}`, { role: 'admin' });
    expect((await client.delete(`/incidents/${made.body.id}`)).status).toBe(200);
    await app.superuser.query('update users set is_active = false where id = $1', [tenant.owner.id]);
    expect((await client.get(`/teams/${tenant.teamId}/incidents`)).status).toBe(200);
  });

  test.each([
    ['deactivated', (id: string) => tenant.owner.client.put(`/users/${id}`, { is_active: false })],
    ['deleted', (id: string) => tenant.owner.client.delete(`/users/${id}`)],
  ])('ends once the account is %s', async (_, end) => {
    const { client } = await keyOfAccount();
    expect((await client.get('/auth/me')).status).toBe(200);
    expect((await end(account.id)).status).toBe(200);
    expect((await client.get('/auth/me')).status).toBe(401);
    const late = await makeKey();
    expect([late.status, late.body.errors[0].pointer]).toEqual([422, '/service_account_id']);
  });

  test('is made, rotated and revoked by admins of the organization alone', async () => {
    const admin = await tenant.person('admin');
    const { id } = await keyOfAccount({ team_ids: [tenant.teamId] });
    for (const refused of [
      await makeKey({ team_ids: [tenant.teamId] }, admin),
      await admin.client.post(`/api-keys/${id}/rotate`, {}),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
    }
    expect((await tenant.owner.client.post(`/api-keys/${id}/rotate`, {})).status).toBe(200);
    expect((await tenant.owner.client.delete(`/api-keys/${id}`)).status).toBe(204);
  });

  test('is of no person, and of no other organization’s account', async () => {
    const member = await tenant.person('member');
    const own = account;
    const other = await newTenant(app);
    const foreign = await other.owner.client.post(`/organizations/${other.orgId}/service-accounts`, {
      name: 'Theirs',
      team_id: other.teamId,
    });
    for (const id of [member.id, foreign.body.id]) {
      const refused = await makeKey({ service_account_id: id });
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/service_account_id']);
    }
    const useless = await makeKey({ service_account_id: own.id, scopes: ['audit:read'] });
    expect([useless.status, useless.body.errors[0].pointer]).toEqual([422, '/scopes']);
  });
});
