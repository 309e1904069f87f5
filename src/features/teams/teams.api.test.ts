import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const rowOf = async (teamId: string) =>
  (await app.superuser.query('select * from teams where id = $1', [teamId])).rows[0];
const namesOf = ({ body }: { body: { name: string }[] }): string[] => body.map(({ name }) => name);

describe('the list of teams', () => {
  test('is a plain array of the active ones, oldest first, for everyone in the organization', async () => {
    const tenant = await newTenant(app);
    const [second, third] = [await tenant.team('Second'), await tenant.team('Third')];
    await tenant.owner.client.put(`/teams/${second}`, { is_active: false });
    const viewer = await tenant.person('viewer');
    const reply = await viewer.client.get(`/organizations/${tenant.orgId}/teams`);
    expect(reply.status).toBe(200);
    expect(namesOf(reply)).toEqual(['Platform', 'Third']);
    expect(reply.body[1]).toEqual((await viewer.client.get(`/teams/${third}`)).body);
  });

  test('is not for strangers', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const reply = await mine.owner.client.get(`/organizations/${theirs.orgId}/teams`);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
  });
});

describe('a team', () => {
  test('can be read by everyone in the organization, in it or not, active or not', async () => {
    const tenant = await newTenant(app);
    const teamId = await tenant.team('Other');
    const viewer = await tenant.person('viewer');
    expect((await viewer.client.get(`/teams/${teamId}`)).body).toMatchObject({ id: teamId, name: 'Other' });
    await tenant.owner.client.put(`/teams/${teamId}`, { is_active: false });
    expect((await viewer.client.get(`/teams/${teamId}`)).body).toMatchObject({
      id: teamId,
      is_active: false,
    });
  });

  test('of another organization is not found, in the same words as one that does not exist', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const foreign = await mine.owner.client.get(`/teams/${theirs.teamId}`);
    const absent = await mine.owner.client.get(`/teams/${randomUUID()}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'team.not_found']);
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...absent.body, request_id: '' });
  });
});

describe('a change of a team', () => {
  test('touches the fields that are given, and tells the audit trail', async () => {
    const { teamId, orgId, owner } = await newTenant(app);
    const before = (await owner.client.get(`/teams/${teamId}`)).body;
    const fields = { description: 'Keeps it up', permissions: { deploy: ['staging'], api_key: 'k-1' } };
    const reply = await owner.client.put(`/teams/${teamId}`, fields);
    expect([reply.status, reply.body]).toEqual([
      200,
      { ...before, ...fields, updated_by: owner.id, updated_at: expect.any(String) },
    ]);
    expect(await rowOf(teamId)).toMatchObject({ name: 'Platform', ...fields, updated_by: owner.id });
    expect(await auditOf(app.superuser, reply)).toEqual([
      {
        org_id: orgId,
        action: 'team.updated',
        actor_type: 'user',
        actor_id: owner.id,
        resource_type: 'team',
        resource_id: teamId,
        team_id: teamId,
        before,
        after: { ...reply.body, permissions: { deploy: ['staging'], api_key: '[masked]' } },
        request_id: reply.headers.get('x-request-id'),
        address: '127.0.0.1',
      },
    ]);
  });

  test.each([
    ['viewer', 403],
    ['member', 403],
    ['admin', 200],
  ] as const)('by a %s of it answers %i', async (role, status) => {
    const tenant = await newTenant(app);
    const person = await tenant.person(role);
    const reply = await person.client.put(`/teams/${tenant.teamId}`, { description: 'Changed' });
    expect(reply.status).toBe(status);
    expect((await rowOf(tenant.teamId)).description).toBe(status === 200 ? 'Changed' : null);
  });

  test('is not for an admin of another team of the organization', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin', await tenant.team());
    const reply = await admin.client.put(`/teams/${tenant.teamId}`, { description: 'Changed' });
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
  });

  test.each([
    ['name', 'Taken', 'team.name_taken'],
    ['slug', 'taken', 'team.slug_taken'],
  ])('to a %s that another one has is refused', async (field, value, code) => {
    const tenant = await newTenant(app);
    await tenant.team('Taken');
    const reply = await tenant.owner.client.put(`/teams/${tenant.teamId}`, { [field]: value });
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(reply.body.detail).toContain('already exists');
    expect(await rowOf(tenant.teamId)).toMatchObject({ name: 'Platform', slug: 'platform' });
  });

  test('takes the id of its organization in the body, and no other', async () => {
    const { orgId, teamId, owner } = await newTenant(app);
    const put = (id: string) =>
      owner.client.put(`/teams/${teamId}`, { organization_id: id, description: 'x' });
    const other = await put(randomUUID());
    expect([other.status, other.body.code]).toEqual([422, 'request.path_mismatch']);
    expect(other.body.errors).toMatchObject([{ pointer: '/organization_id' }]);
    expect((await put(orgId.toUpperCase())).status).toBe(200);
  });

  test.each([
    ['nothing', {}, ''],
    ['no name', { name: null }, '/name'],
    ['permissions that are a list', { permissions: [] }, '/permissions'],
    ['another creator', { created_by: randomUUID() }, '/created_by'],
  ])('to %s is refused by name', async (_, fields, pointer) => {
    const { teamId, owner } = await newTenant(app);
    const reply = await owner.client.put(`/teams/${teamId}`, fields);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer }]]);
  });

  test('of another organization is not found', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const reply = await mine.owner.client.put(`/teams/${theirs.teamId}`, { name: unique('Mine') });
    expect([reply.status, reply.body.code]).toEqual([404, 'team.not_found']);
    expect((await rowOf(theirs.teamId)).name).toBe('Platform');
  });
});
