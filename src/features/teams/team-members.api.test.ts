import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

/** A tenant with a second team, and someone of the first team who is not in it. */
async function scene(): Promise<{ tenant: Tenant; teamId: string; person: Person }> {
  const tenant = await newTenant(app);
  return { tenant, teamId: await tenant.team('Second'), person: await tenant.person('viewer') };
}
const add = (
  { owner }: Tenant,
  teamId: string,
  body: object,
  headers: Record<string, string> = {},
  by = owner,
) => by.client.post(`/teams/${teamId}/members`, { role: 'member', ...body }, { headers });
const membersOf = async (teamId: string): Promise<Record<string, string>> => {
  const { rows } = await app.superuser.query<{ user_id: string; role: string }>(
    'select user_id, role from team_memberships where team_id = $1',
    [teamId],
  );
  return Object.fromEntries(rows.map(({ user_id, role }) => [user_id, role]));
};
const homeTeamOf = async ({ owner }: Tenant, userId: string): Promise<string | null> =>
  (await owner.client.get(`/users/${userId}`)).body.team_id;

describe('adding a member', () => {
  test('makes one, and leaves the home team as it is', async () => {
    const { tenant, teamId, person } = await scene();
    const reply = await add(tenant, teamId, { user_id: person.id, role: 'admin' });
    expect(reply.status).toBe(200);
    const user = (await tenant.owner.client.get(`/users/${person.id}`)).body;
    expect(reply.body).toEqual({ user_id: person.id, role: 'admin', user });
    expect(user).toMatchObject({ team_id: tenant.teamId, role: 'viewer' });
    expect(await membersOf(teamId)).toEqual({ [person.id]: 'admin' });
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      {
        action: 'team.member_added',
        org_id: tenant.orgId,
        actor_id: tenant.owner.id,
        resource_type: 'team',
        resource_id: teamId,
        team_id: teamId,
        before: null,
        after: { user_id: person.id, role: 'admin' },
        address: '127.0.0.1',
      },
    ]);
  });

  test('gives the rights of the role at the next request', async () => {
    const { tenant, teamId, person } = await scene();
    const open = () => person.client.post(`/teams/${teamId}/incidents`, { title: 'Mine' });
    expect((await open()).status).toBe(403);
    await add(tenant, teamId, { user_id: person.id });
    expect((await open()).status).toBe(200);
  });

  test('who is one already is refused, and the role stays', async () => {
    const { tenant, person } = await scene();
    const reply = await add(tenant, tenant.teamId, { user_id: person.id, role: 'admin' });
    expect([reply.status, reply.body.code]).toEqual([400, 'team.member_exists']);
    expect(reply.body.detail).toContain('already exists');
    expect((await membersOf(tenant.teamId))[person.id]).toBe('viewer');
  });

  test('who is of another organization, deleted or nobody is refused in the same words', async () => {
    const { tenant, teamId, person } = await scene();
    await tenant.owner.client.delete(`/users/${person.id}`);
    const strangers = [(await newTenant(app)).owner.id, person.id, randomUUID()];
    for (const user_id of strangers) {
      const { status, body } = await add(tenant, teamId, { user_id });
      expect([status, body.code, body.detail]).toEqual([
        400,
        'user.other_organization',
        'The user does not belong to this organization',
      ]);
    }
    expect(await membersOf(teamId)).toEqual({});
  });

  test('is refused past max_users_per_team; the deleted do not count', async () => {
    const { tenant, teamId, person } = await scene();
    const other = await tenant.person('viewer');
    await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { max_users_per_team: 1 });
    expect((await add(tenant, teamId, { user_id: person.id })).status).toBe(200);
    const refused = await add(tenant, teamId, { user_id: other.id });
    expect([refused.status, refused.body.code]).toEqual([409, 'team.user_limit_reached']);
    expect(await membersOf(teamId)).toEqual({ [person.id]: 'member' });
    await tenant.owner.client.delete(`/users/${person.id}`);
    expect((await add(tenant, teamId, { user_id: other.id })).status).toBe(200);
  });

  test.each([
    ['no user', { user_id: undefined }, '/user_id'],
    ['a user that is no UUID', { user_id: 'ada' }, '/user_id'],
    ['a role that is none', { user_id: randomUUID(), role: 'owner' }, '/role'],
    ['an unknown field', { user_id: randomUUID(), org_id: randomUUID() }, '/org_id'],
  ])('with %s is refused by name', async (_, body, pointer) => {
    const { tenant, teamId } = await scene();
    const reply = await add(tenant, teamId, body);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer }]]);
  });

  test('can be done again under an Idempotency-Key, but not by who was demoted since', async () => {
    const { tenant, person } = await scene();
    const [admin, newcomer] = [
      await tenant.person('admin'),
      await tenant.person('viewer', await tenant.team()),
    ];
    const [body, headers] = [{ user_id: newcomer.id }, { 'idempotency-key': 'k-1' }];
    const first = await add(tenant, tenant.teamId, body, headers, admin);
    const again = await add(tenant, tenant.teamId, body, headers, admin);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([
      200,
      'true',
      first.body,
    ]);
    const other = await add(tenant, tenant.teamId, { user_id: person.id }, headers, admin);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
    const anothers = await add(tenant, tenant.teamId, body, headers);
    expect([anothers.status, anothers.body.code]).toEqual([400, 'team.member_exists']);
    await tenant.owner.client.put(`/teams/${tenant.teamId}/members/${admin.id}`, { role: 'member' });
    expect((await add(tenant, tenant.teamId, body, headers, admin)).status).toBe(403);
  });
});

describe('changing a role', () => {
  test('takes effect at the next request', async () => {
    const { tenant, person } = await scene();
    const path = `/teams/${tenant.teamId}/members/${person.id}`;
    const reply = await tenant.owner.client.put(path, { role: 'member' });
    expect([reply.status, reply.body]).toMatchObject([
      200,
      { user_id: person.id, role: 'member', user: { id: person.id, role: 'member' } },
    ]);
    expect((await membersOf(tenant.teamId))[person.id]).toBe('member');
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      {
        action: 'team.member_updated',
        actor_id: tenant.owner.id,
        team_id: tenant.teamId,
        before: { user_id: person.id, role: 'viewer' },
        after: { user_id: person.id, role: 'member' },
      },
    ]);
    expect((await person.client.post(`/teams/${tenant.teamId}/incidents`, { title: 'Mine' })).status).toBe(
      200,
    );
  });

  test('of who is not in the team, deleted or nobody is not found', async () => {
    const { tenant, teamId, person } = await scene();
    const put = (team: string, userId: string) =>
      tenant.owner.client.put(`/teams/${team}/members/${userId}`, { role: 'member' });
    await tenant.owner.client.delete(`/users/${person.id}`);
    for (const reply of [
      await put(teamId, tenant.owner.id),
      await put(tenant.teamId, person.id),
      await put(tenant.teamId, randomUUID()),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([404, 'team.member_not_found']);
    }
  });
});

describe('the last admin of a team', () => {
  test('can be neither demoted nor removed', async () => {
    const { tenant } = await scene();
    const path = `/teams/${tenant.teamId}/members/${tenant.owner.id}`;
    for (const reply of [
      await tenant.owner.client.put(path, { role: 'member' }),
      await tenant.owner.client.put(path, { role: 'viewer' }),
      await tenant.owner.client.delete(path),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([400, 'team.last_admin']);
    }
    expect((await membersOf(tenant.teamId))[tenant.owner.id]).toBe('admin');
    expect((await tenant.owner.client.put(path, { role: 'admin' })).status).toBe(200);
  });

  test('is the one besides whom the others are deactivated or deleted', async () => {
    const { tenant } = await scene();
    const [first, second] = [await tenant.person('admin'), await tenant.person('admin')];
    await tenant.owner.client.put(`/users/${first.id}`, { is_active: false });
    await tenant.owner.client.delete(`/users/${second.id}`);
    const path = `/teams/${tenant.teamId}/members/${tenant.owner.id}`;
    expect((await tenant.owner.client.delete(path)).body.code).toBe('team.last_admin');
    await tenant.owner.client.put(`/users/${first.id}`, { is_active: true });
    expect((await tenant.owner.client.delete(path)).status).toBe(200);
  });
});

describe('removing a member', () => {
  test('takes them out of the team, with the rights in it', async () => {
    const { tenant, person } = await scene();
    const reply = await tenant.owner.client.delete(`/teams/${tenant.teamId}/members/${person.id}`);
    expect([reply.status, reply.body]).toEqual([200, { message: 'Team member removed successfully' }]);
    expect(await membersOf(tenant.teamId)).toEqual({ [tenant.owner.id]: 'admin' });
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      { action: 'team.member_removed', before: { user_id: person.id, role: 'viewer' }, after: null },
    ]);
    expect((await person.client.get(`/teams/${tenant.teamId}/incidents`)).status).toBe(403);
    expect((await person.client.get('/auth/me')).body).toMatchObject({ team_id: null, role: 'viewer' });
  });

  test('moves their home to another of their teams, where there is one', async () => {
    const { tenant, teamId, person } = await scene();
    await add(tenant, teamId, { user_id: person.id });
    await tenant.owner.client.delete(`/teams/${tenant.teamId}/members/${person.id}`);
    expect(await homeTeamOf(tenant, person.id)).toBe(teamId);
  });

  test('who is none is not found', async () => {
    const { tenant, teamId, person } = await scene();
    const reply = await tenant.owner.client.delete(`/teams/${teamId}/members/${person.id}`);
    expect([reply.status, reply.body.code]).toEqual([404, 'team.member_not_found']);
  });
});

test.each(['viewer', 'member', 'admin of another team', 'stranger'])(
  'a %s manages no members',
  async (who) => {
    const { tenant, teamId, person } = await scene();
    const { client } =
      who === 'stranger'
        ? (await newTenant(app)).owner
        : who === 'admin of another team'
          ? await tenant.person('admin', teamId)
          : await tenant.person(who as 'viewer' | 'member');
    const before = await membersOf(tenant.teamId);
    const path = `/teams/${tenant.teamId}/members`;
    const replies = [
      await client.post(path, { user_id: person.id, role: 'viewer' }),
      await client.put(`${path}/${person.id}`, { role: 'admin' }),
      await client.delete(`${path}/${person.id}`),
    ];
    const refusal = who === 'stranger' ? [404, 'team.not_found'] : [403, 'auth.forbidden'];
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual([refusal, refusal, refusal]);
    expect(await membersOf(tenant.teamId)).toEqual(before);
  },
);
