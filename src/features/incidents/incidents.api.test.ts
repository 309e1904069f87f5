import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';
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
    'select org_id as organization_id, * from incidents where id = $1',
    [id],
  );
  return JSON.parse(JSON.stringify(rows[0]));
};
/** The one entry that a request on an incident leaves in the audit trail. */
const entryOf = (action: string, actor: Person, id: string, reply: Reply, states: object) => ({
  org_id: tenant.orgId,
  action,
  actor_type: 'user',
  actor_id: actor.id,
  resource_type: 'incident',
  resource_id: id,
  team_id: tenant.teamId,
  before: null,
  after: null,
  request_id: reply.headers.get('x-request-id'),
  address: '127.0.0.1',
  ...states,
});

describe('POST /teams/{team_id}/incidents', () => {
  test('creates an incident of what is given, with the defaults for the rest', async () => {
    const { teamId, orgId } = tenant;
    const reply = await member.client.post(`/teams/${teamId}/incidents`, { title: 'Disk full' });
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"1"']);
    expect(reply.body).toMatchObject({
      org_id: orgId,
      organization_id: orgId,
      team_id: teamId,
      title: 'Disk full',
      description: null,
      status: 'open',
      priority: 'medium',
      assigned_to: null,
      tags: [],
      incident_metadata: {},
      idempotency_key: null,
      version: 1,
      started_at: null,
      resolved_at: null,
      closed_at: null,
      response_time_minutes: null,
      resolution_time_minutes: null,
      created_by: member.id,
      updated_by: member.id,
      updated_at: reply.body.created_at,
      deleted_at: null,
      deleted_by: null,
    });
    expect(reply.body.id[14]).toBe('7');
    expect(await row(reply.body.id)).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('incident.created', member, reply.body.id, reply, { after: reply.body }),
    ]);
  });

  test('keeps every field that is given', async () => {
    const given = {
      title: 'Checkout answers 502',
      description: 'Since the deployment.\nIn one region.',
      status: 'in_progress',
      priority: 'critical',
      assigned_to: member.id,
      tags: ['checkout', 'a, "quoted" {tag}', 'ümlaut'],
      incident_metadata: { alert: { name: 'Errors', labels: ['a', null] }, count: 1e22, ratio: -0.5 },
      idempotency_key: 'alert 4711',
    };
    const repeated = { organization_id: tenant.orgId, team_id: tenant.teamId };
    const reply = await member.client.post(`/teams/${tenant.teamId}/incidents`, { ...given, ...repeated });
    expect([reply.status, reply.body]).toMatchObject([200, { ...given, ...repeated }]);
    expect(await row(reply.body.id)).toEqual(reply.body);
  });

  test.each([
    ['/title', {}],
    ['/status', { title: 'x', status: 'on_fire' }],
    ['/priority', { title: 'x', priority: 'urgent' }],
    ['/assigned_to', { title: 'x', assigned_to: 'grace' }],
    ['/tags/1', { title: 'x', tags: ['a', ''] }],
    ['/tags', { title: 'x', tags: 'a' }],
    ['/incident_metadata', { title: 'x', incident_metadata: [] }],
    ['/idempotency_key', { title: 'x', idempotency_key: 'k'.repeat(256) }],
    ['/version', { title: 'x', version: 7 }],
    ['/started_at', { title: 'x', started_at: '2026-01-01T00:00:00Z' }],
  ])('refuses a faulty %s by name', async (pointer, body) => {
    const reply = await member.client.post(`/teams/${tenant.teamId}/incidents`, body);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer }] },
    ]);
  });
});

describe('GET /incidents/{incident_id}', () => {
  test('reads what was created, with its ETag', async () => {
    const created = await tenant.incident();
    const reply = await member.client.get(`/incidents/${created.id}`);
    expect([reply.status, reply.headers.get('etag'), reply.body]).toEqual([200, '"1"', created]);
  });
});

describe('PUT /incidents/{incident_id}', () => {
  test('changes the fields that are given and no other', async () => {
    const before = await tenant.incident({ description: 'Unclear', tags: ['a'], priority: 'low' });
    const change = { title: 'Clear now', description: null, tags: [], incident_metadata: { cause: 'disk' } };
    const reply = await member.client.put(`/incidents/${before.id}`, change);
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"2"']);
    expect(reply.body).toEqual({
      ...before,
      ...change,
      version: 2,
      updated_by: member.id,
      updated_at: expect.any(String),
    });
    expect(await row(before.id)).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('incident.updated', member, before.id, reply, { before, after: reply.body }),
    ]);
  });

  test.each([
    ['', {}],
    ['/title', { title: null }],
    ['/tags', { tags: null }],
    ['/idempotency_key', { idempotency_key: 'new' }],
    ['/resolved_at', { resolved_at: null }],
  ])('refuses a faulty %s by name', async (pointer, body) => {
    const { id } = await tenant.incident();
    const reply = await member.client.put(`/incidents/${id}`, body);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer }] },
    ]);
    expect((await row(id)).version).toBe(1);
  });
});

describe('DELETE /incidents/{incident_id} and restoring', () => {
  test('deletes softly: the row stays, the incident is gone', async () => {
    const before = await tenant.incident();
    const reply = await tenant.owner.client.delete(`/incidents/${before.id}`);
    expect([reply.status, reply.body]).toEqual([200, { message: 'Incident deleted successfully' }]);
    expect(await row(before.id)).toMatchObject({
      version: 2,
      deleted_at: expect.any(String),
      deleted_by: tenant.owner.id,
      updated_by: tenant.owner.id,
    });
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('incident.deleted', tenant.owner, before.id, reply, { before }),
    ]);
    const { client } = tenant.owner;
    for (const gone of [
      await client.get(`/incidents/${before.id}`),
      await client.put(`/incidents/${before.id}`, { title: 'x' }),
      await client.delete(`/incidents/${before.id}`),
      await client.get(`/incidents/${before.id}/events`),
      await client.post(`/incidents/${before.id}/comments`, { comment: 'x' }),
    ]) {
      expect([gone.status, gone.body.code]).toEqual([404, 'incident.not_found']);
    }
  });

  test('restores what was deleted, as a new version', async () => {
    const before = await tenant.incident();
    await tenant.owner.client.delete(`/incidents/${before.id}`);
    const reply = await tenant.owner.client.post(`/incidents/${before.id}/restore`);
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"3"']);
    expect(reply.body).toEqual({
      ...before,
      version: 3,
      updated_by: tenant.owner.id,
      updated_at: expect.any(String),
    });
    expect(await row(before.id)).toEqual(reply.body);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('incident.restored', tenant.owner, before.id, reply, { after: reply.body }),
    ]);
    expect((await member.client.get(`/incidents/${before.id}`)).body).toEqual(reply.body);
  });

  test('refuses to restore what is not deleted', async () => {
    const { id } = await tenant.incident();
    const reply = await tenant.owner.client.post(`/incidents/${id}/restore`);
    expect([reply.status, reply.body.code]).toEqual([409, 'incident.not_deleted']);
    expect((await row(id)).version).toBe(1);
  });

  test('shows what was deleted to admins who ask for it, and to nobody else', async () => {
    const { id } = await tenant.incident();
    await tenant.owner.client.delete(`/incidents/${id}`);
    const path = `/incidents/${id}?include_deleted=true`;
    const shown = await tenant.owner.client.get(path);
    expect([shown.status, shown.body.deleted_by]).toEqual([200, tenant.owner.id]);
    expect([
      (await member.client.get(path)).status,
      (await member.client.get(`/incidents/${id}`)).status,
    ]).toEqual([403, 404]);
  });
});
