import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../test/harness/api-key.ts';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client } from '../../../test/harness/client.ts';
import { newTenant, type Person, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let member: Person;
let admin: Person;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  member = await tenant.person('member');
  admin = await tenant.person('admin');
});
afterAll(() => app[Symbol.asyncDispose]());

const newConfig = async (fields: object = {}): Promise<{ id: string; version: number }> => {
  const made = await tenant.owner.client.post(`/teams/${tenant.teamId}/agent-configs`, {
    name: unique('Agent'),
    agent_type: 'custom',
    ...fields,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(200);
  return made.body;
};
const propose = (client: Client, id: string, fields: object = {}) =>
  client.post(`/agent-configs/${id}/proposals`, {
    base_version: 1,
    change: { max_retries: 7 },
    reason: 'It gives up early',
    ...fields,
  });
const proposed = async (client: Client, id: string, fields: object = {}) => {
  const reply = await propose(client, id, fields);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  expect(reply.headers.get('location')).toBe(`/api/v1/proposals/${reply.body.id}`);
  return reply.body;
};
const decide = (client: Client, id: string, how: 'approve' | 'reject', body: object = {}) =>
  client.post(`/proposals/${id}/${how}`, body);
const withdraw = (client: Client, id: string) => client.post(`/proposals/${id}/withdraw`);
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];
const statusOf = async (id: string): Promise<string> =>
  (await member.client.get(`/proposals/${id}`)).body.status;
const entriesOf = async (id: string): Promise<string[]> => {
  const { rows } = await app.superuser.query<{ action: string }>(
    'select action from audit_events where resource_id = $1 order by occurred_at, id',
    [id],
  );
  return rows.map(({ action }) => action);
};

describe('a proposal', () => {
  test('is approved by another one: the configuration changes with it, and both are in the trail', async () => {
    const config = await newConfig();
    const incident = await tenant.incident();
    const evidence = { incident_ids: [incident.id], run_id: 'run-1' };
    const made = await proposed(member.client, config.id, { evidence });
    expect(made).toMatchObject({
      status: 'open',
      config_id: config.id,
      team_id: tenant.teamId,
      base_version: 1,
      evidence,
      proposed_by: member.id,
      api_key_id: null,
      decided_by: null,
      version: null,
    });
    const reply = await decide(admin.client, made.id, 'approve', { note: 'Yes' });
    expect(reply.body).toMatchObject({
      status: 'approved',
      decided_by: admin.id,
      note: 'Yes',
      version: 2,
    });
    const after = (await member.client.get(`/agent-configs/${config.id}`)).body;
    expect([after.max_retries, after.version, after.updated_by]).toEqual([7, 2, admin.id]);
    expect(await entriesOf(made.id)).toEqual(['proposal.created', 'proposal.approved']);
    expect(await entriesOf(config.id)).toEqual(['agent_config.created', 'agent_config.updated']);
  });

  test('is rejected, or withdrawn, and nothing changes', async () => {
    const config = await newConfig();
    const [one, other] = [await proposed(member.client, config.id), await proposed(member.client, config.id)];
    expect((await decide(admin.client, one.id, 'reject', { note: 'No' })).body.status).toBe('rejected');
    expect((await withdraw(member.client, other.id)).body).toMatchObject({
      status: 'withdrawn',
      version: null,
    });
    expect((await member.client.get(`/agent-configs/${config.id}`)).body.version).toBe(1);
    for (const { id } of [one, other]) {
      expect(codeOf(await decide(admin.client, id, 'approve'))).toEqual([409, 'proposal.decided']);
      expect(codeOf(await withdraw(member.client, id))).toEqual([409, 'proposal.decided']);
    }
    expect(await entriesOf(other.id)).toEqual(['proposal.created', 'proposal.withdrawn']);
  });

  test('is stale once the configuration has changed, and says so when it is made late', async () => {
    const config = await newConfig();
    const made = await proposed(member.client, config.id);
    await tenant.owner.client.put(`/agent-configs/${config.id}`, { description: 'Another' });
    expect(await statusOf(made.id)).toBe('stale');
    for (const how of ['approve', 'reject'] as const) {
      expect(codeOf(await decide(admin.client, made.id, how))).toEqual([409, 'proposal.stale']);
    }
    expect(codeOf(await propose(member.client, config.id))).toEqual([409, 'proposal.stale']);
    expect((await member.client.get(`/agent-configs/${config.id}`)).body.max_retries).toBe(3);
  });

  test('expires', async () => {
    const config = await newConfig();
    const made = await proposed(member.client, config.id, { expires_in_hours: 1 });
    await app.superuser.query(`update proposals set expires_at = now() - interval '1 second' where id = $1`, [
      made.id,
    ]);
    expect(await statusOf(made.id)).toBe('expired');
    expect(codeOf(await decide(admin.client, made.id, 'approve'))).toEqual([409, 'proposal.expired']);
  });

  test('goes and comes with its configuration', async () => {
    const config = await newConfig();
    const made = await proposed(member.client, config.id);
    await admin.client.delete(`/agent-configs/${config.id}`);
    expect(codeOf(await member.client.get(`/proposals/${made.id}`))).toEqual([404, 'proposal.not_found']);
    expect(codeOf(await decide(admin.client, made.id, 'approve'))).toEqual([404, 'proposal.not_found']);
    await admin.client.post(`/agent-configs/${config.id}/restore`);
    expect(await statusOf(made.id)).toBe('stale');
  });

  test('shows no secret, and keeps those that it names by their masks', async () => {
    const config = await newConfig({ config: { api_key: 'first-secret', model: 'small' } });
    const kept = await proposed(member.client, config.id, {
      change: { config: { api_key: '[masked]', model: 'large' } },
    });
    const other = await proposed(member.client, config.id, {
      change: { config: { api_key: 'second-secret' } },
    });
    expect(JSON.stringify([kept, other])).not.toContain('secret"');
    const { rows } = await app.superuser.query(
      `select before::text || after::text as text from audit_events where resource_id = any($1::uuid[])`,
      [[kept.id, other.id]],
    );
    expect(JSON.stringify(rows)).not.toContain('second-secret');
    await decide(admin.client, kept.id, 'approve');
    const { body } = await member.client.get(`/agent-configs/${config.id}?include=secrets`);
    expect(body.config).toEqual({ api_key: 'first-secret', model: 'large' });
  });
});

describe('four eyes', () => {
  test('who proposed it decides as little as who made the key that did', async () => {
    const config = await newConfig();
    const own = await proposed(admin.client, config.id);
    expect(codeOf(await decide(admin.client, own.id, 'approve'))).toEqual([403, 'proposal.own']);
    const { key } = await keyOf(app.superuser, {
      orgId: tenant.orgId,
      userId: member.id,
      createdBy: admin.id,
      scopes: ['agent_configs:propose', 'agent_configs:read'],
    });
    const agent = app.clientOf(key);
    const made = await proposed(agent, config.id);
    expect(made).toMatchObject({ proposed_by: member.id, api_key_id: expect.any(String) });
    expect(codeOf(await decide(admin.client, made.id, 'approve'))).toEqual([403, 'proposal.own']);
    expect(codeOf(await decide(admin.client, made.id, 'reject'))).toEqual([403, 'proposal.own']);
    expect(codeOf(await decide(agent, made.id, 'approve'))).toEqual([403, 'auth.person_required']);
    expect(await statusOf(made.id)).toBe('open');
    expect((await decide(tenant.owner.client, made.id, 'approve')).status).toBe(200);
  });

  test('a key takes the scope to propose, and nothing else of it; members decide nothing', async () => {
    const config = await newConfig();
    const keyWith = async (scope: 'agent_configs:read' | 'agent_configs:propose') =>
      app.clientOf(
        (await keyOf(app.superuser, { orgId: tenant.orgId, userId: member.id, scopes: [scope] })).key,
      );
    const [reader, proposer] = [await keyWith('agent_configs:read'), await keyWith('agent_configs:propose')];
    expect(codeOf(await propose(reader, config.id))).toEqual([403, 'auth.scope_missing']);
    const made = await proposed(proposer, config.id);
    expect(codeOf(await proposer.put(`/agent-configs/${config.id}`, { max_retries: 1 }))).toEqual([
      403,
      'auth.scope_missing',
    ]);
    expect((await reader.get(`/proposals/${made.id}`)).status).toBe(200);
    const viewer = await tenant.person('viewer');
    expect(codeOf(await propose(viewer.client, config.id))).toEqual([403, 'auth.forbidden']);
    for (const { client } of [viewer, member]) {
      expect(codeOf(await decide(client, made.id, 'reject'))).toEqual([403, 'auth.forbidden']);
    }
    expect(codeOf(await withdraw(admin.client, made.id))).toEqual([403, 'proposal.not_yours']);
    const stranger = await newTenant(app);
    expect(codeOf(await stranger.owner.client.get(`/proposals/${made.id}`))).toEqual([
      404,
      'proposal.not_found',
    ]);
    expect(codeOf(await decide(stranger.owner.client, made.id, 'approve'))).toEqual([
      404,
      'proposal.not_found',
    ]);
  });

  test('of all who decide at once one counts', async () => {
    const config = await newConfig();
    const proposals = await Promise.all(
      [5, 6, 7, 8].map((max_retries) => proposed(member.client, config.id, { change: { max_retries } })),
    );
    const deciders = [admin.client, tenant.owner.client];
    const replies = await Promise.all([
      ...proposals.flatMap(({ id }) => deciders.map((client) => decide(client, id, 'approve'))),
      ...proposals.map(({ id }) => withdraw(member.client, id)),
    ]);
    const { body } = await member.client.get(`/agent-configs/${config.id}`);
    const approved = replies.filter((reply) => reply.status === 200 && reply.body.status === 'approved');
    expect(approved.length).toBeLessThanOrEqual(1);
    expect(body.version).toBe(1 + approved.length);
    expect(body.max_retries).toBe(approved[0]?.body.change.max_retries ?? 3);
    const others = replies.filter(({ status }) => status !== 200);
    expect(others.every(({ body: { code } }) => ['proposal.stale', 'proposal.decided'].includes(code))).toBe(
      true,
    );
    for (const { id } of proposals) {
      expect((await entriesOf(id)).length).toBeLessThanOrEqual(2);
    }
  });
});

describe('lists', () => {
  test('show what waits for whom, and nothing of teams that one may not read', async () => {
    const own = await newTenant(app);
    const [teamA, teamB] = [own.teamId, await own.team()];
    const [adminA, memberB] = [await own.person('admin', teamA), await own.person('member', teamB)];
    const inTeam = async (teamId: string): Promise<string> =>
      (
        await own.owner.client.post(`/teams/${teamId}/agent-configs`, {
          name: unique('A'),
          agent_type: 'custom',
        })
      ).body.id;
    const [configA, configB] = [await inTeam(teamA), await inTeam(teamB)];
    const a = await proposed(own.owner.client, configA);
    const b = await proposed(memberB.client, configB);
    const mine = await proposed(adminA.client, configA);
    await own.owner.client.post(`/proposals/${b.id}/reject`, {});
    const list = async (client: Client, query = '') => {
      const { status, body } = await client.get(`/organizations/${own.orgId}/proposals${query}`);
      expect(status, JSON.stringify(body)).toBe(200);
      return body.items.map(({ id }: { id: string }) => id);
    };
    expect(await list(own.owner.client)).toEqual([mine.id, b.id, a.id]);
    expect(await list(adminA.client)).toEqual([mine.id, a.id]);
    expect(await list(memberB.client)).toEqual([b.id]);
    expect(await list(own.owner.client, '?status=rejected')).toEqual([b.id]);
    expect(await list(own.owner.client, '?waiting_for_me=true')).toEqual([mine.id]);
    expect(await list(adminA.client, '?waiting_for_me=true')).toEqual([a.id]);
    expect(await list(memberB.client, '?waiting_for_me=true')).toEqual([]);
    const first = (await own.owner.client.get(`/organizations/${own.orgId}/proposals?limit=2`)).body;
    const rest = (
      await own.owner.client.get(`/organizations/${own.orgId}/proposals?limit=2&cursor=${first.next_cursor}`)
    ).body;
    expect([...first.items, ...rest.items].map(({ id }: { id: string }) => id)).toEqual([
      mine.id,
      b.id,
      a.id,
    ]);
    const ofConfig = await adminA.client.get(`/agent-configs/${configA}/proposals?status=open`);
    expect(ofConfig.body.items.map(({ id }: { id: string }) => id)).toEqual([mine.id, a.id]);
  });
});

test.each([
  ['no field', { change: {} }, '/change'],
  ['a field that there is not', { change: { nonsense: 1 } }, '/change/nonsense'],
  ['another team', { change: { team_id: '01890a5d-ac96-774b-bcce-b302099a8057' } }, '/change/team_id'],
  ['no reason', { reason: '' }, '/reason'],
  ['too long a time', { expires_in_hours: 721 }, '/expires_in_hours'],
  [
    'an incident that is not there',
    { evidence: { incident_ids: ['01890a5d-ac96-774b-bcce-b302099a8057'], run_id: null } },
    '/evidence/incident_ids/0',
  ],
])('%s is refused, and nothing is written', async (_, fields, pointer) => {
  const config = await newConfig();
  const reply = await propose(member.client, config.id, fields);
  expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  expect((await member.client.get(`/agent-configs/${config.id}/proposals`)).body.items).toEqual([]);
});

test('what changes nothing is refused, and so is one more than fifty', async () => {
  const config = await newConfig();
  expect(codeOf(await propose(member.client, config.id, { change: { max_retries: 3 } }))).toEqual([
    409,
    'proposal.changes_nothing',
  ]);
  const replies = await Promise.all(Array.from({ length: 52 }, () => propose(member.client, config.id)));
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(50);
  expect(new Set(replies.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
    new Set(['proposal.too_many']),
  );
});
