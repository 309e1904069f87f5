import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { newTenant, type Person, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;
let tenant: Tenant;
let member: Person;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  member = await tenant.person('member');
});
afterAll(() => app[Symbol.asyncDispose]());

/** The row as JSON has it, so that it compares with a reply. */
const row = async (id: string) => {
  const { rows } = await app.superuser.query(
    'select org_id as organization_id, * from agent_configs where id = $1',
    [id],
  );
  return JSON.parse(JSON.stringify(rows[0]));
};
/** The one entry that a request on a configuration leaves in the audit trail. */
const entryOf = (action: string, actor: Person, id: string, reply: Reply, states: object) => ({
  org_id: tenant.orgId,
  action,
  actor_type: 'user',
  actor_id: actor.id,
  resource_type: 'agent_config',
  resource_id: id,
  team_id: tenant.teamId,
  before: null,
  after: null,
  request_id: reply.headers.get('x-request-id'),
  address: '127.0.0.1',
  ...states,
});
const path = () => `/teams/${tenant.teamId}/agent-configs`;
const create = async (fields: object = {}) => {
  const reply = await member.client.post(path(), {
    name: unique('Triage'),
    agent_type: 'monitoring',
    ...fields,
  });
  expect(reply.status).toBe(200);
  return reply.body;
};

describe('POST /teams/{team_id}/agent-configs', () => {
  test('creates a configuration of what is given, with the defaults for the rest', async () => {
    const reply = await member.client.post(path(), { name: 'Defaults', agent_type: 'custom' });
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"1"']);
    expect(reply.body).toMatchObject({
      org_id: tenant.orgId,
      organization_id: tenant.orgId,
      team_id: tenant.teamId,
      name: 'Defaults',
      description: null,
      agent_type: 'custom',
      is_active: true,
      config: {},
      execution_timeout_seconds: 300,
      max_retries: 3,
      retry_delay_seconds: 60,
      triggers: {},
      conditions: {},
      tags: [],
      config_metadata: {},
      version: 1,
      created_by: member.id,
      updated_by: member.id,
      updated_at: reply.body.created_at,
      deleted_at: null,
      deleted_by: null,
    });
    expect(reply.body.id[14]).toBe('7');
    expect(await row(reply.body.id)).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('agent_config.created', member, reply.body.id, reply, { after: reply.body }),
    ]);
  });

  test.each([
    ['objects', { 'on.alert': { severity: ['high'] } }, { all: [{ field: 'team', equals: null }] }],
    ['lists', ['alert', { cron: '0 * * * *' }], [[1, -0.5], true]],
    ['nothing', {}, []],
  ])('keeps every field that is given, triggers and conditions as %s', async (_, triggers, conditions) => {
    const given = {
      name: unique('Every field'),
      description: 'Watches.\nTells.',
      agent_type: 'notification',
      is_active: false,
      config: { model: 'large', tools: ['logs', 'metrics'], temperature: 0.2, nested: { deep: [null] } },
      execution_timeout_seconds: 1,
      max_retries: 0,
      retry_delay_seconds: 2_147_483_647,
      triggers,
      conditions,
      tags: ['a, "b" {c}', 'é'],
      config_metadata: { owner: 'platform' },
    };
    const created = await create(given);
    expect(created).toMatchObject(given);
    expect(await row(created.id)).toEqual(created);
  });

  test.each([
    ['/name', { agent_type: 'custom' }],
    ['/agent_type', { name: 'x' }],
    ['/name', { name: '', agent_type: 'custom' }],
    ['/name', { name: 'x'.repeat(256), agent_type: 'custom' }],
    ['/agent_type', { name: 'x', agent_type: 'oracle' }],
    ['/is_active', { name: 'x', agent_type: 'custom', is_active: 'yes' }],
    ['/config', { name: 'x', agent_type: 'custom', config: [] }],
    ['/triggers', { name: 'x', agent_type: 'custom', triggers: 'alert' }],
    ['/execution_timeout_seconds', { name: 'x', agent_type: 'custom', execution_timeout_seconds: 0 }],
    ['/execution_timeout_seconds', { name: 'x', agent_type: 'custom', execution_timeout_seconds: 1.5 }],
    ['/max_retries', { name: 'x', agent_type: 'custom', max_retries: -1 }],
    ['/retry_delay_seconds', { name: 'x', agent_type: 'custom', retry_delay_seconds: 2_147_483_648 }],
    ['/version', { name: 'x', agent_type: 'custom', version: 2 }],
  ])('refuses a faulty %s by name', async (pointer, body) => {
    const reply = await member.client.post(path(), body);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer }] },
    ]);
  });

  test('refuses a name that the team has already, and takes it in another team', async () => {
    const { name } = await create();
    const taken = await member.client.post(path(), { name, agent_type: 'custom' });
    expect([taken.status, taken.body]).toMatchObject([
      400,
      { code: 'agent_config.name_taken', detail: expect.stringContaining('already exists') },
    ]);
    const other = `/teams/${await tenant.team()}/agent-configs`;
    expect((await tenant.owner.client.post(other, { name, agent_type: 'custom' })).status).toBe(200);
  });
});

describe('GET /agent-configs/{config_id}', () => {
  test('reads what was created, with its ETag', async () => {
    const created = await create();
    const reply = await member.client.get(`/agent-configs/${created.id}`);
    expect([reply.status, reply.headers.get('etag'), reply.body]).toEqual([200, '"1"', created]);
  });
});

describe('PUT /agent-configs/{config_id}', () => {
  test('changes the fields that are given and no other, objects as a whole', async () => {
    const before = await create({ description: 'Old', config: { a: 1, b: 2 }, triggers: ['alert'] });
    const change = { description: null, config: { c: 3 }, triggers: {}, is_active: false };
    const reply = await member.client.put(`/agent-configs/${before.id}`, change);
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"2"']);
    expect(reply.body).toEqual({ ...before, ...change, version: 2, updated_at: expect.any(String) });
    expect(await row(before.id)).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('agent_config.updated', member, before.id, reply, { before, after: reply.body }),
    ]);
  });

  test('refuses a name that another configuration of the team has, and takes its own', async () => {
    const [one, other] = [await create(), await create()];
    const taken = await member.client.put(`/agent-configs/${one.id}`, { name: other.name });
    expect([taken.status, taken.body.code]).toEqual([400, 'agent_config.name_taken']);
    expect((await row(one.id)).version).toBe(1);
    expect((await member.client.put(`/agent-configs/${one.id}`, { name: one.name })).status).toBe(200);
  });

  test.each([
    ['', {}],
    ['/name', { name: null }],
    ['/config', { config: null }],
    ['/version', { version: 9 }],
  ])('refuses a faulty %s by name', async (pointer, body) => {
    const { id } = await create();
    const reply = await member.client.put(`/agent-configs/${id}`, body);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer }] },
    ]);
    expect((await row(id)).version).toBe(1);
  });
});

describe('DELETE /agent-configs/{config_id} and restoring', () => {
  const client = () => tenant.owner.client;

  test('deletes softly: the row stays, the configuration is gone', async () => {
    const before = await create();
    const reply = await client().delete(`/agent-configs/${before.id}`);
    expect([reply.status, reply.body]).toEqual([
      200,
      { message: 'Agent configuration deleted successfully' },
    ]);
    expect(await row(before.id)).toMatchObject({ version: 2, deleted_by: tenant.owner.id });
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('agent_config.deleted', tenant.owner, before.id, reply, { before }),
    ]);
    const gone = `/agent-configs/${before.id}`;
    for (const refused of [
      await client().get(gone),
      await client().put(gone, { name: 'x' }),
      await client().delete(gone),
      await client().get(`${gone}/versions`),
      await client().get(`${gone}/versions/1`),
      await client().post(`${gone}/rollback`, { to: 1 }),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([404, 'agent_config.not_found']);
    }
  });

  test('restores what was deleted, as a new version', async () => {
    const before = await create();
    await client().delete(`/agent-configs/${before.id}`);
    const reply = await client().post(`/agent-configs/${before.id}/restore`);
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"3"']);
    expect(reply.body).toEqual({
      ...before,
      version: 3,
      updated_by: tenant.owner.id,
      updated_at: expect.any(String),
    });
    expect(await row(before.id)).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('agent_config.restored', tenant.owner, before.id, reply, { after: reply.body }),
    ]);
  });

  test('frees the name, and does not restore into a name that was taken since', async () => {
    const first = await create();
    await client().delete(`/agent-configs/${first.id}`);
    const second = await create({ name: first.name });
    const refused = await client().post(`/agent-configs/${first.id}/restore`);
    expect([refused.status, refused.body.code]).toEqual([400, 'agent_config.name_taken']);
    expect(await row(first.id)).toMatchObject({ version: 2, deleted_by: tenant.owner.id });
    await member.client.put(`/agent-configs/${second.id}`, { name: unique('Renamed') });
    expect((await client().post(`/agent-configs/${first.id}/restore`)).status).toBe(200);
  });

  test('refuses to restore what is not deleted', async () => {
    const { id } = await create();
    const reply = await client().post(`/agent-configs/${id}/restore`);
    expect([reply.status, reply.body.code]).toEqual([409, 'agent_config.not_deleted']);
    expect((await row(id)).version).toBe(1);
  });

  test('shows what was deleted to admins who ask for it, and to nobody else', async () => {
    const { id } = await create();
    await client().delete(`/agent-configs/${id}`);
    const deleted = `/agent-configs/${id}?include_deleted=true`;
    const shown = await client().get(deleted);
    expect([shown.status, shown.body.deleted_by]).toEqual([200, tenant.owner.id]);
    expect((await member.client.get(deleted)).status).toBe(403);
  });
});
