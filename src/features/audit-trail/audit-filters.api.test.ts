import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  await app.superuser.query(
    `insert into audit_events
       (org_id, id, occurred_at, actor_type, actor_id, action, resource_type, resource_id, request_id)
     select $1, gen_random_uuid(), occurred_at, 'user', actor_id, action, resource_type, resource_id, request_id
     from jsonb_to_recordset($2) as seed (occurred_at timestamptz, actor_id uuid, action text, resource_type text,
       resource_id uuid, request_id text)`,
    [tenant.orgId, JSON.stringify(seeds)],
  );
});
afterAll(() => app[Symbol.asyncDispose]());

interface Seed {
  readonly request_id: string;
  readonly occurred_at: string;
  readonly actor_id: string;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string;
}
const [ada, grace] = [randomUUID(), randomUUID()];
const [disk, triage] = [randomUUID(), randomUUID()];
/** Sixty entries, twenty at each of three instants, long before the tenant's own. */
const seeds: readonly Seed[] = Array.from({ length: 60 }, (_, index) => ({
  request_id: `request-${index}`,
  occurred_at: `2020-01-0${1 + Math.floor(index / 20)}T00:00:00.000Z`,
  actor_id: index % 3 === 0 ? ada : grace,
  action: `${index % 2 === 0 ? 'incident' : 'agent_config'}.${index % 5 === 0 ? 'deleted' : 'updated'}`,
  resource_type: index % 2 === 0 ? 'incident' : 'agent_config',
  resource_id: index % 2 === 0 ? disk : triage,
}));
const before2021 = { until: '2021-01-01T00:00:00Z' };

/** Every entry of the list, page by page of `limit`. */
async function walk(query: Record<string, string>, limit: number): Promise<Seed[]> {
  const items: Seed[] = [];
  let cursor: string | null = null;
  do {
    const search = new URLSearchParams({ ...query, limit: String(limit), ...(cursor ? { cursor } : {}) });
    const { status, body } = await tenant.owner.client.get(
      `/organizations/${tenant.orgId}/audit-events?${search}`,
    );
    expect([status, body.has_more]).toEqual([200, body.next_cursor !== null]);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return items;
}
const requests = (items: readonly Seed[]): string[] => items.map(({ request_id }) => request_id).sort();

describe('a filter of the audit trail', () => {
  const filters: readonly [string, Record<string, string>, (seed: Seed) => boolean][] = [
    ['until', before2021, () => true],
    ['actor_id', { actor_id: ada }, (seed) => seed.actor_id === ada],
    ['actor_id in upper case', { actor_id: ada.toUpperCase() }, (seed) => seed.actor_id === ada],
    ['action', { action: 'agent_config.deleted' }, (seed) => seed.action === 'agent_config.deleted'],
    ['action of none', { action: 'incident.%' }, () => false],
    [
      'resource_type and until',
      { ...before2021, resource_type: 'incident' },
      (seed) => seed.resource_type === 'incident',
    ],
    ['resource_id', { resource_id: triage }, (seed) => seed.resource_id === triage],
    [
      'since and until',
      { since: '2020-01-02T01:00:00+01:00', until: '2020-01-03T00:00:00Z' },
      (seed) => seed.occurred_at.startsWith('2020-01-02'),
    ],
    [
      'everything at once',
      {
        actor_id: grace,
        action: 'incident.updated',
        resource_type: 'incident',
        resource_id: disk,
        since: '2020-01-02T00:00:00Z',
        ...before2021,
      },
      (seed) =>
        seed.actor_id === grace && seed.action === 'incident.updated' && seed.occurred_at >= '2020-01-02',
    ],
  ];

  test.each(filters)('by %s gives each match exactly once, newest first', async (_, query, is) => {
    for (const limit of [3, 8, 100]) {
      const items = await walk(query, limit);
      expect(requests(items)).toEqual(requests(seeds.filter(is)));
      const times = items.map(({ occurred_at }) => occurred_at);
      expect(times).toEqual(times.toSorted().reverse());
    }
  });

  test.each([
    'actor_id=ada',
    'resource_id=1',
    'action=',
    'since=2020',
    'until=now',
    'team_id=x',
    'limit=101',
  ])('of %s is refused by name', async (query) => {
    const reply = await tenant.owner.client.get(`/organizations/${tenant.orgId}/audit-events?${query}`);
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'request.invalid', errors: [{ pointer: `/query/${query.split('=')[0]}` }] },
    ]);
  });

  test('decides what a cursor is of', async () => {
    const list = `/organizations/${tenant.orgId}/audit-events`;
    const { client } = tenant.owner;
    const { body } = await client.get(`${list}?limit=1&actor_id=${ada}`);
    const reply = await client.get(`${list}?limit=1&actor_id=${grace}&cursor=${body.next_cursor}`);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/query/cursor' }]]);
  });
});
