import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, password, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const rowOf = async (id: string) =>
  (await app.superuser.query('select * from users where id = $1', [id])).rows[0];
const restore = (by: Person, id: string) => by.client.post(`/users/${id}/restore`);
const logIn = (email: string) => app.anonymous.post('/auth/login', { email, password });

/** A member with a password, who is logged in. */
async function colleague({ orgId, teamId, owner }: Tenant) {
  const name = unique('colleague');
  const email = `${name}@example.com`;
  const body = { email, username: name, password, team_id: teamId, role: 'admin' };
  const { id } = (await owner.client.post(`/organizations/${orgId}/users`, body)).body;
  return { id, email, username: name, client: app.clientOf((await logIn(email)).body.access_token) };
}

describe('deleting a user', () => {
  test('keeps the row, and takes them out of everything', async () => {
    const tenant = await newTenant(app);
    const { owner, orgId, teamId } = tenant;
    const user = await colleague(tenant);
    const before = (await owner.client.get(`/users/${user.id}`)).body;
    const reply = await owner.client.delete(`/users/${user.id}`);
    expect([reply.status, reply.body]).toEqual([200, { message: 'User deleted successfully' }]);

    expect(await rowOf(user.id)).toMatchObject({
      deleted_at: expect.any(Date),
      deleted_by: owner.id,
      updated_by: owner.id,
    });
    expect(await auditOf(app.superuser, reply)).toEqual([
      {
        org_id: orgId,
        action: 'user.deleted',
        actor_type: 'user',
        actor_id: owner.id,
        resource_type: 'user',
        resource_id: user.id,
        team_id: teamId,
        before,
        after: null,
        request_id: reply.headers.get('x-request-id'),
        address: '127.0.0.1',
      },
    ]);

    const path = `/users/${user.id}`;
    const gone = [
      await owner.client.get(path),
      await owner.client.put(path, { full_name: 'x' }),
      await owner.client.delete(path),
    ];
    expect(gone.map(({ status, body }) => [status, body.code])).toEqual(
      gone.map(() => [404, 'user.not_found']),
    );
    const list = (await owner.client.get(`/organizations/${orgId}/users`)).body.items;
    expect(list.map(({ id }: { id: string }) => id)).toEqual([owner.id]);
    expect((await logIn(user.email)).body.code).toBe('auth.invalid_credentials');
    expect((await user.client.get('/auth/me')).body.code).toBe('auth.unauthenticated');
  });

  test.each([
    ['oneself as a member', 'member', 'self', 403],
    ['a member as a member', 'member', 'other', 403],
    ['oneself as one of two admins', 'admin', 'self', 200],
    ['a member as an admin of the team', 'admin', 'other', 200],
    ['the owner as an admin of the team', 'admin', 'owner', 403],
  ] as const)('%s', async (_, role, whom, status) => {
    const tenant = await newTenant(app);
    const [person, other] = [await tenant.person(role), await tenant.person('member')];
    const { id } = { self: person, other, owner: tenant.owner }[whom];
    expect((await person.client.delete(`/users/${id}`)).status).toBe(status);
    expect((await rowOf(id)).deleted_at === null).toBe(status !== 200);
  });

  test('is not for an admin of another team', async () => {
    const tenant = await newTenant(app);
    const [admin, member] = [
      await tenant.person('admin', await tenant.team()),
      await tenant.person('member'),
    ];
    const reply = await admin.client.delete(`/users/${member.id}`);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
  });

  test('of another organization is not found', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    for (const id of [theirs.owner.id, randomUUID()]) {
      const reply = await mine.owner.client.delete(`/users/${id}`);
      expect([reply.status, reply.body.code]).toEqual([404, 'user.not_found']);
    }
    expect((await rowOf(theirs.owner.id)).deleted_at).toBeNull();
  });

  test('who is the last admin of a team is refused', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin', await tenant.team());
    const reply = await tenant.owner.client.delete(`/users/${admin.id}`);
    expect([reply.status, reply.body.code]).toEqual([400, 'team.last_admin']);
    expect((await rowOf(admin.id)).deleted_at).toBeNull();
  });

  test('who is the last owner of the organization is refused, whoever else is admin', async () => {
    const tenant = await newTenant(app);
    await tenant.person('admin');
    const reply = await tenant.owner.client.delete(`/users/${tenant.owner.id}`);
    expect([reply.status, reply.body.code]).toEqual([400, 'organization.last_owner']);
    expect((await rowOf(tenant.owner.id)).deleted_at).toBeNull();
  });

  test('who is one of two owners is possible', async () => {
    const tenant = await newTenant(app);
    const second = await tenant.person('admin');
    await app.superuser.query(`update organization_memberships set role = 'owner' where user_id = $1`, [
      second.id,
    ]);
    expect((await second.client.delete(`/users/${tenant.owner.id}`)).status).toBe(200);
    expect((await second.client.delete(`/users/${second.id}`)).body.code).toBe('organization.last_owner');
  });
});

describe('restoring a user', () => {
  test('brings them back with team, role and password', async () => {
    const tenant = await newTenant(app);
    const user = await colleague(tenant);
    await tenant.owner.client.delete(`/users/${user.id}`);
    const reply = await restore(tenant.owner, user.id);
    expect([reply.status, reply.body]).toMatchObject([
      200,
      { id: user.id, team_id: tenant.teamId, role: 'admin', deleted_at: null, deleted_by: null },
    ]);
    expect(await rowOf(user.id)).toMatchObject({ deleted_at: null, deleted_by: null });
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      { action: 'user.restored', actor_id: tenant.owner.id, resource_id: user.id, after: reply.body },
    ]);
    expect((await logIn(user.email)).status).toBe(200);
  });

  test('who is not deleted is a conflict', async () => {
    const tenant = await newTenant(app);
    const member = await tenant.person('member');
    const reply = await restore(tenant.owner, member.id);
    expect([reply.status, reply.body.code]).toEqual([409, 'user.not_deleted']);
  });

  test.each([
    ['email', 'user.email_taken'],
    ['username', 'user.username_taken'],
  ] as const)('whose %s another one has by now is refused', async (field, code) => {
    const tenant = await newTenant(app);
    const user = await colleague(tenant);
    await tenant.owner.client.delete(`/users/${user.id}`);
    const successor = await tenant.person('member');
    await tenant.owner.client.put(`/users/${successor.id}`, { [field]: user[field].toUpperCase() });
    const reply = await restore(tenant.owner, user.id);
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect((await rowOf(user.id)).deleted_at).not.toBeNull();
  });

  test('to a team that is full by now is refused', async () => {
    const tenant = await newTenant(app);
    const member = await tenant.person('member');
    await tenant.owner.client.delete(`/users/${member.id}`);
    await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { max_users_per_team: 1 });
    const reply = await restore(tenant.owner, member.id);
    expect([reply.status, reply.body.code]).toEqual([409, 'team.user_limit_reached']);
    expect((await rowOf(member.id)).deleted_at).not.toBeNull();
  });

  test('is for the admins of their team, not for its members, nor for strangers', async () => {
    const tenant = await newTenant(app);
    const [deleted, member, admin] = [
      await tenant.person('viewer'),
      await tenant.person('member'),
      await tenant.person('admin'),
    ];
    await tenant.owner.client.delete(`/users/${deleted.id}`);
    expect((await restore(member, deleted.id)).body.code).toBe('auth.forbidden');
    expect((await restore((await newTenant(app)).owner, deleted.id)).body.code).toBe('user.not_found');
    expect((await restore(admin, deleted.id)).status).toBe(200);
  });
});
