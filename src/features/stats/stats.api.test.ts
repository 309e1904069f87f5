import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client, Reply } from '../../../test/harness/client.ts';
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

const measured = { metric_name: 'mttr_minutes', metric_type: 'gauge', value: 42.5 };
const create = (fields: object = {}, headers: Record<string, string> = {}) =>
  member.client.post(`/teams/${tenant.teamId}/stats`, { ...measured, ...fields }, { headers });
const rows = async (id: string) => {
  const { rows: found } = await app.superuser.query(
    `select id, org_id, org_id as organization_id, team_id, metric_name, metric_type, value, count::int, timestamp,
       time_window, labels, description, unit, created_at, updated_at from stats where id = $1`,
    [id],
  );
  return JSON.parse(JSON.stringify(found));
};
/** The one entry that a request on a value leaves in the audit trail. */
const entryOf = (action: string, actor: Person, id: string, reply: Reply, states: object) => ({
  org_id: tenant.orgId,
  action,
  actor_type: 'user',
  actor_id: actor.id,
  resource_type: 'stats',
  resource_id: id,
  team_id: tenant.teamId,
  before: null,
  after: null,
  request_id: reply.headers.get('x-request-id'),
  address: '127.0.0.1',
  ...states,
});

describe('POST /teams/{team_id}/stats', () => {
  test('records what is given, with the defaults for the rest', async () => {
    const reply = await create();
    expect([reply.status, reply.body]).toMatchObject([
      200,
      {
        ...measured,
        org_id: tenant.orgId,
        organization_id: tenant.orgId,
        team_id: tenant.teamId,
        count: 1,
        timestamp: reply.body.created_at,
        time_window: null,
        labels: {},
        description: null,
        unit: null,
        updated_at: reply.body.created_at,
      },
    ]);
    expect(reply.body.id[14]).toBe('7');
    expect(await rows(reply.body.id)).toEqual([reply.body]);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('stats.created', member, reply.body.id, reply, { after: reply.body }),
    ]);
  });

  test('keeps every field that is given', async () => {
    const given = {
      count: 7,
      timestamp: '2026-03-01T08:00:00.123Z',
      time_window: '1h',
      labels: { service: 'checkout', 'a.b': { deep: [1, null] } },
      description: 'Over the last hour.',
      unit: 'minutes',
      organization_id: tenant.orgId,
      team_id: tenant.teamId,
    };
    const { status, body } = await create(given);
    expect([status, body]).toMatchObject([200, { ...measured, ...given }]);
    expect(await rows(body.id)).toEqual([body]);
  });

  test.each([
    ['/metric_name', { metric_name: '' }],
    ['/metric_name', { metric_name: 'x'.repeat(256) }],
    ['/metric_type', { metric_type: 'x'.repeat(51) }],
    ['/count', { count: -1 }],
    ['/count', { count: 1.5 }],
    ['/timestamp', { timestamp: 1_772_352_000 }],
    ['/time_window', { time_window: '' }],
    ['/labels', { labels: ['a'] }],
    ['/unit', { unit: 'x'.repeat(51) }],
    ['/created_at', { created_at: '2026-03-01T08:00:00Z' }],
  ])('refuses a faulty %s by name', async (pointer, fields) => {
    const reply = await create(fields);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer }] },
    ]);
  });

  test.each(['organization_id', 'team_id'])('refuses a %s that differs from the path’s', async (field) => {
    const reply = await create({ [field]: randomUUID() });
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.path_mismatch', errors: [{ pointer: `/${field}` }] },
    ]);
  });

  test('records once for one Idempotency-Key, and refuses another payload under it', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const [first, again] = [await create({}, headers), await create({}, headers)];
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
      200,
      first.body,
      'true',
    ]);
    const other = await create({ value: 43 }, headers);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
    expect(await auditOf(app.superuser, again)).toEqual([]);
  });

  test('refuses bodies of more than 1 MiB and of another media type', async () => {
    const large = await create({ labels: { text: 'x'.repeat(1024 * 1024) } });
    expect([large.status, large.body.code]).toEqual([413, 'request.too_large']);
    const csv = await create({}, { 'content-type': 'text/csv' });
    expect([csv.status, csv.body.code]).toEqual([415, 'request.unsupported_media_type']);
  });
});

describe('GET /stats/{stats_id}', () => {
  test('reads what was recorded', async () => {
    const { body } = await create();
    const viewer = await tenant.person('viewer');
    const reply = await viewer.client.get(`/stats/${body.id}`);
    expect([reply.status, reply.body]).toEqual([200, body]);
  });
});

describe('DELETE /stats/{stats_id}', () => {
  test('deletes for good, for admins', async () => {
    const { body } = await create();
    const reply = await tenant.owner.client.delete(`/stats/${body.id}`);
    expect([reply.status, reply.body]).toEqual([200, { message: 'Stats deleted successfully' }]);
    expect(await rows(body.id)).toEqual([]);
    expect(await auditOf(app.superuser, reply)).toEqual([
      entryOf('stats.deleted', tenant.owner, body.id, reply, { before: body }),
    ]);
    for (const gone of [
      await tenant.owner.client.get(`/stats/${body.id}`),
      await tenant.owner.client.delete(`/stats/${body.id}`),
    ]) {
      expect([gone.status, gone.body.code]).toEqual([404, 'stats.not_found']);
    }
  });
});

type Send = (client: Client, teamId: string, id: string) => ReturnType<Client['get']>;
const routes: readonly [string, Send][] = [
  ['record', (client, teamId) => client.post(`/teams/${teamId}/stats`, measured)],
  ['list', (client, teamId) => client.get(`/teams/${teamId}/stats`)],
  ['read', (client, _, id) => client.get(`/stats/${id}`)],
  ['delete', (client, _, id) => client.delete(`/stats/${id}`)],
];

describe('another team of the same organization', () => {
  test.each(routes)('may not %s values of this one', async (_, send) => {
    const neighbour = await tenant.person('admin', await tenant.team());
    const { body } = await create();
    const reply = await send(neighbour.client, tenant.teamId, body.id);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    expect(await rows(body.id)).toEqual([body]);
  });
});

describe('a role that is too low', () => {
  test('is refused: viewers record nothing, members delete nothing', async () => {
    const { body } = await create();
    const viewer = await tenant.person('viewer');
    for (const reply of [
      await viewer.client.post(`/teams/${tenant.teamId}/stats`, measured),
      await viewer.client.delete(`/stats/${body.id}`),
      await member.client.delete(`/stats/${body.id}`),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    }
    expect(await rows(body.id)).toEqual([body]);
  });
});

describe('ids of nothing', () => {
  test.each(routes)('cannot be used to %s', async (_, send) => {
    const reply = await send(tenant.owner.client, randomUUID(), randomUUID());
    expect([reply.status, reply.body.code]).toEqual([
      404,
      expect.stringMatching(/^(stats|team)\.not_found$/),
    ]);
    const malformed = await send(tenant.owner.client, 'platform', '4711');
    expect([malformed.status, malformed.body.code]).toEqual([422, 'request.invalid']);
  });
});
