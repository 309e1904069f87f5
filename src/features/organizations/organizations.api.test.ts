import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const rowOf = async (orgId: string) =>
  (await app.superuser.query('select * from organizations where id = $1', [orgId])).rows[0];
/** Makes a member an admin of the organization, which takes its operator. */
const promote = (orgId: string, userId: string) =>
  app.superuser.query(
    `update organization_memberships set role = 'admin' where org_id = $1 and user_id = $2`,
    [orgId, userId],
  );

describe('the list of organizations', () => {
  test('is a plain array of those the caller belongs to, oldest first, and of no others', async () => {
    const { orgId, owner } = await newTenant(app);
    await newTenant(app);
    const second = (await owner.client.post('/organizations', { name: unique('Second') })).body;
    const reply = await owner.client.get('/organizations');
    expect(reply.status).toBe(200);
    expect(reply.body.map(({ id }: { id: string }) => id)).toEqual([orgId, second.id]);
    expect(reply.body[1]).toEqual(second);
  });

  test('is for callers with a token', async () => {
    expect((await app.anonymous.get('/organizations')).status).toBe(401);
  });
});

describe('an organization', () => {
  test.each(['viewer', 'member', 'admin'] as const)('can be read by a %s', async (role) => {
    const tenant = await newTenant(app);
    const person = await tenant.person(role);
    const reply = await person.client.get(`/organizations/${tenant.orgId}`);
    const row = await rowOf(tenant.orgId);
    expect([reply.status, reply.body]).toMatchObject([
      200,
      { id: tenant.orgId, name: row.name, slug: row.slug },
    ]);
  });

  test('of others is not found, in the same words as one that does not exist', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const foreign = await mine.owner.client.get(`/organizations/${theirs.orgId}`);
    const absent = await mine.owner.client.get(`/organizations/${randomUUID()}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'organization.not_found']);
    expect(foreign.body.detail).toMatch(/not found/);
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...absent.body, request_id: '' });
  });
});

describe('a change of an organization', () => {
  test('touches the fields that are given, and tells the audit trail', async () => {
    const { orgId, owner } = await newTenant(app);
    const before = (await owner.client.get(`/organizations/${orgId}`)).body;
    const reply = await owner.client.put(`/organizations/${orgId}`, {
      description: 'Day and night',
      max_teams: 5,
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      ...before,
      description: 'Day and night',
      max_teams: 5,
      updated_at: expect.any(String),
    });
    expect(reply.body.updated_at > before.updated_at).toBe(true);
    expect(await rowOf(orgId)).toMatchObject({
      name: before.name,
      description: 'Day and night',
      max_teams: 5,
    });
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      {
        action: 'organization.updated',
        org_id: orgId,
        actor_id: owner.id,
        resource_id: orgId,
        before,
        after: reply.body,
      },
    ]);
  });

  test('can be made by an admin of the organization', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('member');
    await promote(tenant.orgId, admin.id);
    const reply = await admin.client.put(`/organizations/${tenant.orgId}`, { name: unique('Renamed') });
    expect(reply.status).toBe(200);
  });

  test.each(['viewer', 'member', 'admin'] as const)('is not for a %s of a team', async (role) => {
    const tenant = await newTenant(app);
    const person = await tenant.person(role);
    const reply = await person.client.put(`/organizations/${tenant.orgId}`, { description: 'Mine' });
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    expect((await rowOf(tenant.orgId)).description).toBeNull();
  });

  test.each([
    ['name', 'organization.name_taken'],
    ['slug', 'organization.slug_taken'],
  ])('to a %s that another one has is refused', async (field, code) => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const taken = (await rowOf(theirs.orgId))[field];
    const reply = await mine.owner.client.put(`/organizations/${mine.orgId}`, { [field]: taken });
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(reply.body.detail).toContain('already exists');
    expect((await rowOf(mine.orgId))[field]).not.toBe(taken);
  });

  test('to its own name and slug is none', async () => {
    const { orgId, owner } = await newTenant(app);
    const { name, slug } = await rowOf(orgId);
    expect((await owner.client.put(`/organizations/${orgId}`, { name, slug })).status).toBe(200);
  });

  test.each([
    ['max_teams', 10],
    ['max_users_per_team', 50],
  ])('can lower %s, not raise it', async (limit, given) => {
    const { orgId, owner } = await newTenant(app);
    const put = (value: number) => owner.client.put(`/organizations/${orgId}`, { [limit]: value });
    const raised = await put(given + 1);
    expect([raised.status, raised.body.code]).toEqual([403, 'organization.limit_fixed']);
    expect(raised.body.errors).toEqual([
      { pointer: `/${limit}`, message: `is ${given}; only the operator can raise it` },
    ]);
    expect((await put(given)).status).toBe(200);
    expect((await put(1)).status).toBe(200);
    expect((await put(2)).status).toBe(403);
    expect((await rowOf(orgId))[limit]).toBe(1);
  });

  test.each([
    ['nothing', {}, ''],
    ['no name', { name: null }, '/name'],
    ['a slug that is none', { slug: 'Ünïcode' }, '/slug'],
    ['no teams', { max_teams: 0 }, '/max_teams'],
    ['another id', { id: randomUUID() }, '/id'],
  ])('to %s is refused by name', async (_, fields, pointer) => {
    const { orgId, owner } = await newTenant(app);
    const reply = await owner.client.put(`/organizations/${orgId}`, fields);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer }]]);
  });

  test('is not for strangers, whether or not the organization exists', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    for (const id of [theirs.orgId, randomUUID()]) {
      const reply = await mine.owner.client.put(`/organizations/${id}`, { description: 'Mine' });
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    }
    expect((await rowOf(theirs.orgId)).description).toBeNull();
  });
});

describe('whoever makes a second organization', () => {
  let first: Tenant;
  beforeAll(async () => {
    first = await newTenant(app);
  });

  /** A viewer of the first organization, who owns a second one with a team whose admin they are. */
  async function founder() {
    const person = await first.person('viewer');
    const orgId = (await person.client.post('/organizations', { name: unique('Second') })).body.id;
    const teamId = (await person.client.post(`/organizations/${orgId}/teams`, { name: 'Founders' })).body.id;
    const joined = await person.client.post(`/teams/${teamId}/members`, {
      user_id: person.id,
      role: 'admin',
    });
    expect(joined.status).toBe(200);
    return { person, orgId, teamId };
  }

  test('reaches everything in it with the same token', async () => {
    const { person, orgId, teamId } = await founder();
    const { client } = person;
    const name = unique('new');
    const user = await client.post(`/organizations/${orgId}/users`, {
      email: `${name}@example.com`,
      username: name,
      team_id: teamId,
    });
    const incident = await client.post(`/teams/${teamId}/incidents`, { title: 'Ours' });
    const replies = [
      user,
      incident,
      await client.get(`/organizations/${orgId}`),
      await client.put(`/organizations/${orgId}`, { description: 'Second' }),
      await client.get(`/organizations/${orgId}/teams`),
      await client.get(`/organizations/${orgId}/users`),
      await client.put(`/teams/${teamId}`, { description: 'Founders of it' }),
      await client.put(`/users/${user.body.id}`, { full_name: 'New' }),
      await client.get(`/incidents/${incident.body.id}`),
      await client.delete(`/users/${user.body.id}`),
    ];
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
  });

  test('has no more rights in the first one than before', async () => {
    const { person } = await founder();
    const { client } = person;
    const member = await first.person('member');
    const replies = [
      await client.put(`/organizations/${first.orgId}`, { description: 'Mine' }),
      await client.post(`/organizations/${first.orgId}/teams`, { name: 'Mine' }),
      await client.put(`/teams/${first.teamId}`, { description: 'Mine' }),
      await client.post(`/teams/${first.teamId}/members`, { user_id: person.id, role: 'admin' }),
      await client.put(`/users/${member.id}`, { full_name: 'Mine' }),
      await client.delete(`/users/${member.id}`),
      await client.post(`/teams/${first.teamId}/incidents`, { title: 'Mine' }),
    ];
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      replies.map(() => [403, 'auth.forbidden']),
    );
  });

  test('brings no user into the first one by way of a team in the second', async () => {
    const { person, teamId } = await founder();
    const name = unique('smuggled');
    const reply = await person.client.post(`/organizations/${first.orgId}/users`, {
      email: `${name}@example.com`,
      username: name,
      team_id: teamId,
    });
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    const { rows } = await app.superuser.query('select from users where username = $1', [name]);
    expect(rows).toEqual([]);
  });

  test('cannot bring a colleague from the first one into it', async () => {
    const { person, teamId } = await founder();
    const colleague = await first.person('member');
    const reply = await person.client.post(`/teams/${teamId}/members`, {
      user_id: colleague.id,
      role: 'viewer',
    });
    expect([reply.status, reply.body.code]).toEqual([400, 'user.other_organization']);
  });
});
