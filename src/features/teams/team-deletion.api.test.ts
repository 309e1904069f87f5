import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { rowsOf } from '../../../test/harness/world.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const remove = ({ owner }: Tenant, teamId: string) => owner.client.delete(`/teams/${teamId}`);

/** What can belong to a team, and what takes it away again as far as the API goes. */
const belongings = {
  incident: async ({ owner }: Tenant, teamId: string) =>
    (await owner.client.post(`/teams/${teamId}/incidents`, { title: 'Ours' })).body.id,
  agentConfig: async ({ owner }: Tenant, teamId: string) =>
    (await owner.client.post(`/teams/${teamId}/agent-configs`, { name: 'Ours', agent_type: 'custom' })).body
      .id,
  stat: async ({ owner }: Tenant, teamId: string) =>
    (await owner.client.post(`/teams/${teamId}/stats`, { metric_name: 'n', metric_type: 'gauge', value: 1 }))
      .body.id,
};

describe('deleting a team', () => {
  test('takes it and who is in it away, and tells the audit trail', async () => {
    const tenant = await newTenant(app);
    const teamId = await tenant.team('Going');
    const [viewer, both] = [await tenant.person('viewer', teamId), await tenant.person('member', teamId)];
    await tenant.owner.client.post(`/teams/${tenant.teamId}/members`, { user_id: both.id, role: 'admin' });
    const team = (await tenant.owner.client.get(`/teams/${teamId}`)).body;

    const reply = await remove(tenant, teamId);
    expect([reply.status, reply.body]).toEqual([204, undefined]);
    for (const gone of [await remove(tenant, teamId), await tenant.owner.client.get(`/teams/${teamId}`)]) {
      expect([gone.status, gone.body.code]).toEqual([404, 'team.not_found']);
    }
    const { rows } = await app.superuser.query(
      'select user_id from team_memberships where team_id = $1 union all select id from teams where id = $1',
      [teamId],
    );
    expect(rows).toEqual([]);
    const homes = await Promise.all(
      [viewer, both].map(async ({ id }) => (await tenant.owner.client.get(`/users/${id}`)).body),
    );
    expect(homes.map(({ team_id, role }) => [team_id, role])).toEqual([
      [null, 'viewer'],
      [tenant.teamId, 'admin'],
    ]);
    expect((await viewer.client.get('/auth/me')).body.team_id).toBeNull();

    expect(await auditOf(app.superuser, reply)).toEqual([
      {
        org_id: tenant.orgId,
        action: 'team.deleted',
        actor_type: 'user',
        actor_id: tenant.owner.id,
        resource_type: 'team',
        resource_id: teamId,
        team_id: teamId,
        before: {
          ...team,
          members: expect.arrayContaining([
            { user_id: viewer.id, role: 'viewer' },
            { user_id: both.id, role: 'member' },
          ]),
        },
        after: null,
        request_id: reply.headers.get('x-request-id'),
        address: '127.0.0.1',
      },
    ]);
  });

  test('frees its name, its slug and its place within max_teams', async () => {
    const tenant = await newTenant(app);
    await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { max_teams: 2 });
    const name = unique('Team');
    const teamId = await tenant.team(name);
    const path = `/organizations/${tenant.orgId}/teams`;
    expect((await tenant.owner.client.post(path, { name: 'Third' })).status).toBe(409);
    await remove(tenant, teamId);
    expect((await tenant.owner.client.post(path, { name })).status).toBe(200);
  });

  test.each([
    ['an incident', belongings.incident, undefined],
    ['an incident that was deleted', belongings.incident, '/incidents'],
    ['an agent configuration', belongings.agentConfig, undefined],
    ['an agent configuration that was deleted', belongings.agentConfig, '/agent-configs'],
    ['a stat', belongings.stat, undefined],
  ] as const)('is refused while %s belongs to it, and changes nothing', async (_, make, deleteUnder) => {
    const tenant = await newTenant(app);
    const teamId = await tenant.team();
    await tenant.person('admin', teamId);
    const id = await make(tenant, teamId);
    if (deleteUnder !== undefined) {
      expect((await tenant.owner.client.delete(`${deleteUnder}/${id}`)).status).toBe(200);
    }
    const before = await rowsOf(app, tenant.orgId);
    const reply = await remove(tenant, teamId);
    expect([reply.status, reply.body]).toMatchObject([
      409,
      { code: 'team.not_empty', detail: expect.stringContaining('is_active') },
    ]);
    expect(await rowsOf(app, tenant.orgId)).toBe(before);
  });

  test('goes well once its only stat is gone, which is deleted for good', async () => {
    const tenant = await newTenant(app);
    const teamId = await tenant.team();
    await tenant.owner.client.delete(`/stats/${await belongings.stat(tenant, teamId)}`);
    expect((await remove(tenant, teamId)).status).toBe(204);
  });

  test('is for owners and admins of its organization, not for its own admins', async () => {
    const tenant = await newTenant(app);
    const teamId = await tenant.team();
    const admin = await tenant.person('admin', teamId);
    const refused = await admin.client.delete(`/teams/${teamId}`);
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
    await app.superuser.query(`update organization_memberships set role = 'admin' where user_id = $1`, [
      admin.id,
    ]);
    expect((await admin.client.delete(`/teams/${teamId}`)).status).toBe(204);
  });

  test('of another organization or of nobody is not found', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    for (const id of [theirs.teamId, randomUUID()]) {
      const reply = await remove(mine, id);
      expect([reply.status, reply.body.code]).toEqual([404, 'team.not_found']);
    }
  });
});

test('a team that goes while things are made for it leaves none of them behind, and no 500', async () => {
  const tenant = await newTenant(app);
  const person = await tenant.person('viewer');
  for (let round = 0; round < 10; round += 1) {
    const teamId = await tenant.team();
    const path = `/teams/${teamId}`;
    const replies = await Promise.all([
      remove(tenant, teamId),
      tenant.owner.client.post(`${path}/incidents`, { title: 'Just now' }),
      tenant.owner.client.post(`${path}/agent-configs`, { name: 'Just now', agent_type: 'custom' }),
      tenant.owner.client.post(`${path}/stats`, { metric_name: 'n', metric_type: 'gauge', value: 1 }),
      tenant.owner.client.post(`${path}/members`, { user_id: person.id, role: 'viewer' }),
    ]);
    const [removed, ...made] = replies.map(({ status }) => status);
    expect([204, 409]).toContain(removed);
    expect(made.filter((status) => status !== 200 && status !== 404)).toEqual([]);
    if (removed === 204) {
      expect(made.slice(0, 3)).toEqual([404, 404, 404]);
    }
  }
});
