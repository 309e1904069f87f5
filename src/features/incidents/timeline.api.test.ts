import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
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

const events = async (id: string, query = '') => {
  const { status, body } = await member.client.get(`/incidents/${id}/events${query}`);
  expect(status).toBe(200);
  return body;
};

describe('GET /incidents/{incident_id}/events', () => {
  test('tells what happened, who did it and what changed, newest first', async () => {
    const { client } = member;
    const { id } = (await client.post(`/teams/${tenant.teamId}/incidents`, { title: 'Disk full' })).body;
    await client.put(`/incidents/${id}`, { title: 'Disk nearly full', tags: ['disk'] });
    await client.put(`/incidents/${id}`, { assigned_to: member.id });
    await client.put(`/incidents/${id}`, { status: 'resolved', priority: 'low' });
    await client.put(`/incidents/${id}`, { status: 'in_progress' });
    await client.post(`/incidents/${id}/comments`, { comment: 'Not yet' });
    await tenant.owner.client.delete(`/incidents/${id}`);
    await tenant.owner.client.post(`/incidents/${id}/restore`);

    const { items } = await events(id);
    const told = items.map(({ type, actor_id, comment, changes }: Record<string, unknown>) => ({
      type,
      actor_id,
      comment,
      changes,
    }));
    const by = (actor_id: string, type: string, changes: object = {}, comment: string | null = null) => ({
      type,
      actor_id,
      comment,
      changes,
    });
    expect(told).toEqual([
      by(tenant.owner.id, 'restored'),
      by(tenant.owner.id, 'deleted'),
      by(member.id, 'commented', {}, 'Not yet'),
      by(member.id, 'reopened', { status: { from: 'resolved', to: 'in_progress' } }),
      by(member.id, 'status_changed', {
        status: { from: 'open', to: 'resolved' },
        priority: { from: 'medium', to: 'low' },
      }),
      by(member.id, 'assigned', { assigned_to: { from: null, to: member.id } }),
      by(member.id, 'updated', {
        title: { from: 'Disk full', to: 'Disk nearly full' },
        tags: { from: [], to: ['disk'] },
      }),
      by(member.id, 'created'),
    ]);
  });

  test('pages: every event exactly once, however many share an instant', async () => {
    const { id } = await tenant.incident();
    await app.superuser.query(
      `insert into incident_events (org_id, incident_id, id, type, comment, created_at)
       select $1, $2, gen_random_uuid(), 'commented', n::text, '2026-01-01' from generate_series(1, 25) n`,
      [tenant.orgId, id],
    );
    const seen: string[] = [];
    let query = '?limit=4';
    for (let page = await events(id, query); ; page = await events(id, query)) {
      seen.push(...page.items.map(({ id: eventId }: { id: string }) => eventId));
      if (!page.has_more) {
        expect(page.next_cursor).toBeNull();
        break;
      }
      query = `?limit=4&cursor=${page.next_cursor}`;
    }
    expect([seen.length, new Set(seen).size]).toEqual([26, 26]);
  });

  test('takes no cursor of another incident', async () => {
    const [one, other] = [await tenant.incident(), await tenant.incident()];
    await member.client.post(`/incidents/${one.id}/comments`, { comment: 'x' });
    const { next_cursor: cursor } = await events(one.id, '?limit=1');
    const reply = await member.client.get(`/incidents/${other.id}/events?cursor=${cursor}`);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/query/cursor' }]]);
  });
});

describe('POST /incidents/{incident_id}/comments', () => {
  test('adds to the timeline and leaves the incident as it is', async () => {
    const incident = await tenant.incident();
    const reply = await member.client.post(`/incidents/${incident.id}/comments`, {
      comment: 'Looking\ninto it',
    });
    expect([reply.status, reply.headers.get('location')]).toEqual([
      201,
      `/api/v1/incidents/${incident.id}/events`,
    ]);
    expect(reply.body).toEqual({
      id: expect.any(String),
      org_id: tenant.orgId,
      incident_id: incident.id,
      type: 'commented',
      actor_id: member.id,
      comment: 'Looking\ninto it',
      changes: {},
      created_at: expect.any(String),
    });
    const { rows } = await app.superuser.query('select * from incident_events where id = $1', [
      reply.body.id,
    ]);
    expect(JSON.parse(JSON.stringify(rows))).toEqual([reply.body]);
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      {
        action: 'incident.commented',
        actor_id: member.id,
        resource_id: incident.id,
        team_id: tenant.teamId,
        before: null,
        after: reply.body,
        address: '127.0.0.1',
      },
    ]);
    expect((await member.client.get(`/incidents/${incident.id}`)).body).toEqual(incident);
  });

  test.each([
    ['/comment', {}],
    ['/comment', { comment: '' }],
    ['/comment', { comment: 'x'.repeat(10_001) }],
    ['/type', { comment: 'x', type: 'resolved' }],
  ])('refuses a faulty %s by name', async (pointer, body) => {
    const { id } = await tenant.incident();
    const reply = await member.client.post(`/incidents/${id}/comments`, body);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer }] },
    ]);
    expect((await events(id)).items).toHaveLength(1);
  });
});
