import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { newWorld } from '../../../test/harness/world.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const answer = ({ status, body }: Reply) => [status, body?.code];
const logIn = async ({ owner }: Tenant) =>
  (await app.anonymous.post('/auth/login', { email: owner.email, password })).status;

/** Whatever writes in a team. */
async function writes() {
  const { tenant, ids } = await newWorld(app);
  const { client } = tenant.owner;
  const team = `/teams/${ids['team_id']}`;
  const person = await tenant.person('member', await tenant.team());
  const all = (): Promise<Reply>[] => [
    client.post(`${team}/incidents`, { title: 'After' }),
    client.put(`/incidents/${ids['incident_id']}`, { title: 'After' }),
    client.post(`/incidents/${ids['incident_id']}/comments`, { comment: 'After' }),
    client.delete(`/incidents/${ids['incident_id']}`),
    client.post(`${team}/agent-configs`, { name: 'After', agent_type: 'custom' }),
    client.put(`/agent-configs/${ids['config_id']}`, { name: 'After' }),
    client.delete(`/agent-configs/${ids['config_id']}`),
    client.post(`${team}/stats`, { metric_name: 'after', metric_type: 'gauge', value: 1 }),
    client.delete(`/stats/${ids['stats_id']}`),
    client.post(`${team}/members`, { user_id: person.id, role: 'viewer' }),
    client.put(`${team}/members/${ids['user_id']}`, { role: 'viewer' }),
    client.post(`/organizations/${tenant.orgId}/users`, {
      email: `${unique('after')}@example.com`,
      username: unique('after'),
      team_id: ids['team_id'],
    }),
  ];
  return { tenant, ids, client, team, all };
}

test('in an organization that is not active nothing changes and nobody logs in, until it is again', async () => {
  const { tenant, ids, client, all } = await writes();
  const path = `/organizations/${tenant.orgId}`;
  expect((await client.put(path, { is_active: false })).status).toBe(200);
  const replies = await Promise.all([...all(), client.post(`${path}/teams`, { name: 'After' })]);
  expect(replies.map(answer)).toEqual(replies.map(() => [403, 'organization.inactive']));
  expect(await logIn(tenant)).toBe(401);
  expect((await client.get(`/incidents/${ids['incident_id']}`)).body).toMatchObject({ title: 'Ours' });
  expect((await client.delete(`/teams/${ids['team_id']}/members/${ids['user_id']}`)).status).toBe(200);
  expect((await client.put(path, { is_active: true })).status).toBe(200);
  expect([await logIn(tenant), answer(await client.post(`${path}/teams`, { name: 'After' }))[0]]).toEqual([
    200, 200,
  ]);
});

test('in a team that is not active nothing changes, and its admins turn it on again', async () => {
  const { tenant, client, team, all } = await writes();
  expect((await client.put(team, { is_active: false })).status).toBe(200);
  const replies = await Promise.all(all());
  expect(replies.map(answer)).toEqual(replies.map(() => [403, 'team.inactive']));
  const elsewhere = await client.post(`/teams/${await tenant.team()}/incidents`, { title: 'Elsewhere' });
  expect([elsewhere.status, await logIn(tenant)]).toEqual([200, 200]);
  expect((await client.put(team, { is_active: true })).status).toBe(200);
  expect((await client.post(`${team}/incidents`, { title: 'Again' })).status).toBe(200);
});

test('who belongs to another organization, too, logs in there', async () => {
  const tenant = await newTenant(app);
  const { client, email } = tenant.owner;
  const other = (await client.post('/organizations', { name: unique('Other') })).body.id;
  await client.put(`/organizations/${tenant.orgId}`, { is_active: false });
  const reply = await app.anonymous.post('/auth/login', { email, password });
  expect((await app.clientOf(reply.body.access_token).get('/auth/me')).body).toMatchObject({ org_id: other });
});
