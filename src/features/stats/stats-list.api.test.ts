import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let member: Person;
let otherTeamId: string;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  member = await tenant.person('member');
  otherTeamId = await tenant.team();
  await fill();
});
afterAll(() => app[Symbol.asyncDispose]());

interface Seed {
  readonly unit: string;
  readonly metric_name: string;
  readonly metric_type: string;
  readonly timestamp: string;
  readonly isOurs: boolean;
}
/** Ninety values, fifteen at each of six instants; every third is the other team's. */
const seeds: readonly Seed[] = Array.from({ length: 90 }, (_, index) => ({
  unit: `unit ${index}`,
  metric_name: ['mttr', 'mtta', 'count'][Math.floor(index / 2) % 3] ?? '',
  metric_type: ['gauge', 'counter'][index % 2] ?? '',
  timestamp: `2026-01-0${1 + Math.floor(index / 15)}T00:00:00.000Z`,
  isOurs: index % 3 !== 0,
}));

async function fill(): Promise<void> {
  const rows = seeds.map(({ isOurs, ...seed }) => ({
    ...seed,
    team_id: isOurs ? tenant.teamId : otherTeamId,
  }));
  await app.superuser.query(
    `insert into stats (org_id, id, team_id, metric_name, metric_type, value, unit, timestamp)
     select $1, gen_random_uuid(), team_id, metric_name, metric_type, 1, unit, timestamp
     from jsonb_to_recordset($2) as seed
       (team_id uuid, metric_name text, metric_type text, unit text, timestamp timestamptz)`,
    [tenant.orgId, JSON.stringify(rows)],
  );
}

const units = (items: readonly Seed[]): string[] => items.map(({ unit }) => unit).sort();
/** Every item of a list, page by page of `limit`. */
async function walk(
  person: Person,
  path: string,
  query: Record<string, string>,
  limit: number,
): Promise<Seed[]> {
  const items: Seed[] = [];
  let cursor: string | null = null;
  do {
    const search = new URLSearchParams({ ...query, limit: String(limit), ...(cursor ? { cursor } : {}) });
    const { status, body } = await person.client.get(`${path}?${search}`);
    expect([status, body.has_more]).toEqual([200, body.next_cursor !== null]);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return items;
}

const filters: readonly [Record<string, string>, (seed: Seed) => boolean][] = [
  [{}, () => true],
  [{ metric_name: 'mttr' }, (seed) => seed.metric_name === 'mttr'],
  [{ metric_type: 'counter' }, (seed) => seed.metric_type === 'counter'],
  [{ since: '2026-01-03T00:00:00Z' }, (seed) => seed.timestamp >= '2026-01-03'],
  [{ until: '2026-01-03T00:00:00Z' }, (seed) => seed.timestamp < '2026-01-03'],
  [
    { since: '2026-01-03T05:00:00+05:00', until: '2026-01-04T00:00:00Z' },
    (seed) => seed.timestamp.startsWith('2026-01-03'),
  ],
  [{ since: '2026-01-04T00:00:00Z', until: '2026-01-03T00:00:00Z' }, () => false],
  [
    {
      metric_name: 'mtta',
      metric_type: 'gauge',
      since: '2026-01-02T00:00:00Z',
      until: '2026-01-05T00:00:00Z',
    },
    (seed) =>
      seed.metric_name === 'mtta' &&
      seed.metric_type === 'gauge' &&
      seed.timestamp >= '2026-01-02' &&
      seed.timestamp < '2026-01-05',
  ],
  [{ metric_name: 'MTTR' }, () => false],
];

describe('GET /teams/{team_id}/stats', () => {
  test.each(filters)('with %j gives each match of the team exactly once, newest first', async (query, is) => {
    const expected = units(seeds.filter((seed) => seed.isOurs && is(seed)));
    for (const limit of [4, 7, 100]) {
      const items = await walk(member, `/teams/${tenant.teamId}/stats`, query, limit);
      expect(units(items)).toEqual(expected);
      const times = items.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted().reverse());
    }
  });

  test.each(['since=yesterday', 'until=2026-01-03', 'value=1', 'metric_name=', 'limit=0', 'cursor=x'])(
    'refuses %s by name',
    async (query) => {
      const reply = await member.client.get(`/teams/${tenant.teamId}/stats?${query}`);
      expect([reply.status, reply.body]).toMatchObject([
        422,
        { code: 'request.invalid', errors: [{ pointer: `/query/${query.split('=')[0]}` }] },
      ]);
    },
  );
});

describe('GET /organizations/{org_id}/stats', () => {
  const path = () => `/organizations/${tenant.orgId}/stats`;

  test.each(filters)('with %j gives the owner each match of every team exactly once', async (query, is) => {
    const expected = units(seeds.filter(is));
    for (const limit of [7, 100]) {
      expect(units(await walk(tenant.owner, path(), query, limit))).toEqual(expected);
    }
  });

  test.each(filters)('with %j gives a member those of their own team only', async (query, is) => {
    const items = await walk(member, path(), query, 7);
    expect(units(items)).toEqual(units(seeds.filter((seed) => seed.isOurs && is(seed))));
  });

  test('gives a viewer of both teams those of both, and who is in none nothing', async () => {
    const both = await tenant.person('viewer');
    await tenant.owner.client.post(`/teams/${otherTeamId}/members`, { user_id: both.id, role: 'viewer' });
    expect(await walk(both, path(), {}, 100)).toHaveLength(90);
    await tenant.owner.client.delete(`/teams/${otherTeamId}/members/${both.id}`);
    await tenant.owner.client.delete(`/teams/${tenant.teamId}/members/${both.id}`);
    expect(await walk(both, path(), {}, 100)).toEqual([]);
  });

  test('takes no cursor of the list of a team', async () => {
    const page = await member.client.get(`/teams/${tenant.teamId}/stats?limit=1`);
    const reply = await member.client.get(`${path()}?cursor=${page.body.next_cursor}`);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer: '/query/cursor' }]]);
  });

  test('is refused for an organization that the caller is no member of, whether it exists or not', async () => {
    const stranger = await newTenant(app);
    for (const orgId of [stranger.orgId, randomUUID()]) {
      const reply = await member.client.get(`/organizations/${orgId}/stats`);
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    }
  });
});
