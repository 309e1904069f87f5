import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import type { Reply } from '../harness/client.ts';
import { newTenant, signupBody, unique } from '../harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const tally = (replies: readonly Reply[]): Record<string, number> =>
  replies.reduce<Record<string, number>>((counts, { status }) => {
    counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }, {});

const atOnce = (count: number, send: (index: number) => Promise<Reply>): Promise<Reply[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => send(index)));

test('of 50 concurrent sign-ups with one e-mail in different case, one succeeds', async () => {
  const name = unique('race');
  const spelled = (index: number): string =>
    [...`${name}@example.com`]
      .map((letter, at) => ((index >> (at % 6)) & 1 ? letter.toUpperCase() : letter))
      .join('');
  const replies = await atOnce(50, (index) =>
    app.anonymous.post('/auth/signup', signupBody({ email: spelled(index) })),
  );
  expect(tally(replies)).toEqual({ 200: 1, 400: 49 });
  for (const { body } of replies.filter(({ status }) => status === 400)) {
    expect(body).toMatchObject({
      code: 'user.email_taken',
      detail: expect.stringContaining('already exists'),
    });
  }
  const { rows } = await app.superuser.query('select count(*)::int as n from users where lower(email) = $1', [
    `${name}@example.com`,
  ]);
  expect(rows).toEqual([{ n: 1 }]);
});

test('50 concurrent creations with one idempotency_key make one incident', async () => {
  const tenant = await newTenant(app);
  const replies = await atOnce(50, (index) =>
    tenant.owner.client.post(`/teams/${tenant.teamId}/incidents`, {
      title: `Attempt ${index}`,
      idempotency_key: 'alert-1',
    }),
  );
  expect(tally(replies)).toEqual({ 200: 50 });
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  const { rows } = await app.superuser.query(
    `select (select count(*)::int from incidents where org_id = $1) as incidents,
            (select count(*)::int from incident_events where org_id = $1) as events,
            (select count(*)::int from audit_events where org_id = $1 and action = 'incident.created') as audits`,
    [tenant.orgId],
  );
  expect(rows).toEqual([{ incidents: 1, events: 1, audits: 1 }]);
});

test('50 concurrent creations with one Idempotency-Key header make one incident', async () => {
  const tenant = await newTenant(app);
  const replies = await atOnce(50, () =>
    tenant.owner.client.post(
      `/teams/${tenant.teamId}/incidents`,
      { title: 'Once' },
      { headers: { 'idempotency-key': 'k-1' } },
    ),
  );
  expect(tally(replies)).toEqual({ 200: 50 });
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
  const replayed = replies.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
  expect(replayed).toHaveLength(49);
});

test('of two admins who demote each other at once, one stays admin', async () => {
  for (let round = 0; round < 5; round += 1) {
    const tenant = await newTenant(app);
    const teamId = await tenant.team();
    const [first, second] = [await tenant.person('admin', teamId), await tenant.person('admin', teamId)];
    const replies = await Promise.all([
      first.client.put(`/teams/${teamId}/members/${second.id}`, { role: 'member' }),
      second.client.put(`/teams/${teamId}/members/${first.id}`, { role: 'member' }),
    ]);
    const statuses = replies.map(({ status }) => status).sort();
    expect([
      [200, 400],
      [200, 403],
    ]).toContainEqual(statuses);
    const { rows } = await app.superuser.query(
      `select count(*)::int as n from team_memberships where team_id = $1 and role = 'admin'`,
      [teamId],
    );
    expect(rows).toEqual([{ n: 1 }]);
  }
});

test('of 20 concurrent team creations with one place left, one succeeds', async () => {
  const tenant = await newTenant(app);
  await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { max_teams: 2 });
  const replies = await atOnce(20, (index) =>
    tenant.owner.client.post(`/organizations/${tenant.orgId}/teams`, { name: `Team ${index}` }),
  );
  expect(tally(replies)).toEqual({ 200: 1, 409: 19 });
  expect(replies.find(({ status }) => status === 409)?.body.code).toBe('organization.team_limit_reached');
});

test('of 20 concurrent user creations with one place left in the team, one succeeds', async () => {
  const tenant = await newTenant(app);
  await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { max_users_per_team: 2 });
  const replies = await atOnce(20, () => {
    const name = unique('crowd');
    return tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, {
      email: `${name}@example.com`,
      username: name,
      team_id: tenant.teamId,
    });
  });
  expect(tally(replies)).toEqual({ 200: 1, 409: 19 });
  expect(replies.find(({ status }) => status === 409)?.body.code).toBe('team.user_limit_reached');
});

test('of 20 concurrent writes with one If-Match, one succeeds', async () => {
  const tenant = await newTenant(app);
  const { id } = (
    await tenant.owner.client.post(`/teams/${tenant.teamId}/agent-configs`, {
      name: 'Triage',
      agent_type: 'custom',
    })
  ).body;
  const replies = await atOnce(20, (index) =>
    tenant.owner.client.put(
      `/agent-configs/${id}`,
      // Each changes something: what changes nothing succeeds, too.
      { max_retries: index + 10 },
      { headers: { 'if-match': '"1"' } },
    ),
  );
  expect(tally(replies)).toEqual({ 200: 1, 412: 19 });
});
