import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let member: Person;
let otherTeamId: string;

interface Seed {
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
  readonly isOurs: boolean;
  readonly isMine: boolean;
}
/** Sixty incidents: ten at each of six instants, changed in another order, every third the other team's. */
const seeds: readonly Seed[] = Array.from({ length: 60 }, (_, index) => ({
  title: `Incident ${index}`,
  description: index % 4 === 0 ? `Disk ${index} is 100% full` : null,
  status: ['open', 'in_progress', 'cancelled'][Math.floor(index / 3) % 3] ?? '',
  priority: ['low', 'medium', 'high', 'critical'][index % 4] ?? '',
  tags: [['disk'], ['disk', 'eu'], ['eu', 'a,b'], []][index % 4] ?? [],
  created_at: `2026-01-0${1 + Math.floor(index / 10)}T00:00:00.000Z`,
  updated_at: `2026-02-0${1 + (index % 6)}T00:00:00.000Z`,
  isOurs: index % 3 !== 0,
  isMine: index % 5 === 0,
}));

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  member = await tenant.person('member');
  otherTeamId = await tenant.team();
  const rows = seeds.map(({ isOurs, isMine, ...seed }) => ({
    ...seed,
    team_id: isOurs ? tenant.teamId : otherTeamId,
    assigned_to: isMine ? member.id : null,
  }));
  await app.superuser.query(
    `insert into incidents (org_id, id, team_id, title, description, status, priority, tags, assigned_to, started_at,
       response_time_minutes, created_at, updated_at)
     select $1, gen_random_uuid(), team_id, title, description, status, priority, tags, assigned_to,
       case when status <> 'open' then created_at end, case when status <> 'open' then 0 end, created_at, updated_at
     from jsonb_to_recordset($2) as seed (team_id uuid, title text, description text, status text, priority text,
       tags text[], assigned_to uuid, created_at timestamptz, updated_at timestamptz)`,
    [tenant.orgId, JSON.stringify(rows)],
  );
});
afterAll(() => app[Symbol.asyncDispose]());

type Query = Readonly<Record<string, string | readonly string[]>>;
const path = (): string => `/organizations/${tenant.orgId}/incidents`;
const searchOf = (query: Query): URLSearchParams =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    ),
  );

/** Every item of the list, page by page of `limit`. */
async function walk(person: Person, query: Query, limit: number): Promise<Seed[]> {
  const items: Seed[] = [];
  let cursor: string | null = null;
  do {
    const search = searchOf({ ...query, limit: String(limit), ...(cursor ? { cursor } : {}) });
    const { status, body } = await person.client.get(`${path()}?${search}`);
    expect([status, body.has_more], JSON.stringify(body)).toEqual([200, body.next_cursor !== null]);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return items;
}
const titles = (items: readonly Seed[]): string[] => items.map(({ title }) => title).sort();

const filters: readonly [Query, (seed: Seed) => boolean][] = [
  [{}, () => true],
  [{ status: 'open' }, ({ status }) => status === 'open'],
  [{ priority: 'critical' }, ({ priority }) => priority === 'critical'],
  [{ since: '2026-01-04T02:00:00+02:00' }, ({ created_at }) => created_at >= '2026-01-04'],
  [{ updated_since: '2026-02-04T00:00:00Z' }, ({ updated_at }) => updated_at >= '2026-02-04'],
  [{ q: '"DISK 1"' }, ({ description }) => description?.startsWith('Disk 1') ?? false],
  [{ q: '100%' }, ({ description }) => description !== null],
  [{ tags: 'disk' }, ({ tags }) => tags.includes('disk')],
  [{ tags: ['eu', 'disk'] }, ({ tags }) => tags.includes('disk') && tags.includes('eu')],
  [{ tags: 'a,b' }, ({ tags }) => tags.includes('a,b')],
  [{ tags: 'nowhere' }, () => false],
  [
    {
      status: 'cancelled',
      priority: 'low',
      since: '2026-01-02T00:00:00Z',
      updated_since: '2026-02-02T00:00:00Z',
      q: 'disk',
      tags: 'disk',
    },
    (seed) =>
      seed.status === 'cancelled' &&
      seed.priority === 'low' &&
      seed.created_at >= '2026-01-02' &&
      seed.updated_at >= '2026-02-02',
  ],
];

describe('the incidents of an organization', () => {
  test.each(filters)('with %j: the owner gets each match of every team exactly once', async (query, is) => {
    for (const limit of [7, 100]) {
      expect(titles(await walk(tenant.owner, query, limit))).toEqual(titles(seeds.filter(is)));
    }
  });

  test.each(filters)('with %j: a member gets those of their own team only', async (query, is) => {
    const expected = titles(seeds.filter((seed) => seed.isOurs && is(seed)));
    expect(titles(await walk(member, query, 7))).toEqual(expected);
  });

  test('by whom they are assigned to', async () => {
    const query = { assigned_to: member.id.toUpperCase() };
    expect(titles(await walk(tenant.owner, query, 5))).toEqual(titles(seeds.filter(({ isMine }) => isMine)));
    expect(await walk(tenant.owner, { assigned_to: tenant.owner.id }, 5)).toEqual([]);
  });

  test.each([
    ['created_at', 1],
    ['-created_at', -1],
    ['updated_at', 1],
    ['-updated_at', -1],
  ] as const)('by %s, whatever the size of pages', async (sort, sign) => {
    const by = sort.endsWith('created_at') ? 'created_at' : 'updated_at';
    for (const limit of [4, 7, 100]) {
      const items = await walk(tenant.owner, { sort }, limit);
      expect(titles(items)).toEqual(titles(seeds));
      const times = items.map((item) => item[by]);
      expect(times).toEqual(sign === 1 ? times.toSorted() : times.toSorted().reverse());
    }
  });

  test('are sorted by creation, latest first, with all their fields, where nothing is asked for', async () => {
    const { body } = await member.client.get(`${path()}?limit=1`);
    const { body: read } = await member.client.get(`/incidents/${body.items[0].id}`);
    expect(body.items).toEqual([read]);
    expect(read.created_at).toBe('2026-01-06T00:00:00.000Z');
  });

  test('have the fields that are asked for, on every page, whichever they are', async () => {
    const query = { fields: ['title', 'assigned_to', 'updated_at'], sort: 'updated_at' };
    const items = await walk(member, query, 7);
    expect(titles(items)).toEqual(titles(seeds.filter(({ isOurs }) => isOurs)));
    expect(items.map((item) => Object.keys(item).sort())).toEqual(
      items.map(() => ['assigned_to', 'title', 'updated_at']),
    );
    const { body } = await member.client.get(`${path()}?limit=1&fields=title`);
    const next = await member.client.get(`${path()}?limit=1&fields=id&cursor=${body.next_cursor}`);
    expect([next.status, Object.keys(next.body.items[0])]).toEqual([200, ['id']]);
  });

  test('that change while they are walked by their changes come again, and none is left out', async () => {
    const own = await newTenant(app);
    const ids = await Promise.all(Array.from({ length: 9 }, async () => (await own.incident()).id));
    const list = `/organizations/${own.orgId}/incidents?sort=updated_at&fields=id&fields=title&limit=4`;
    const first = await own.owner.client.get(list);
    const seen = first.body.items.map(({ id }: { id: string }) => id);
    await own.owner.client.put(`/incidents/${seen[0]}`, { title: 'Changed' });
    const titlesById = new Map<string, string>();
    let cursor = first.body.next_cursor;
    while (cursor !== null) {
      const { body } = await own.owner.client.get(`${list}&cursor=${cursor}`);
      for (const { id, title } of body.items) {
        seen.push(id);
        titlesById.set(id, title);
      }
      cursor = body.next_cursor;
    }
    expect(new Set(seen)).toEqual(new Set(ids));
    expect([seen.length, titlesById.get(seen[0])]).toEqual([10, 'Changed']);
  });

  test('that were deleted are for admins of the organization who ask for them', async () => {
    const own = await newTenant(app);
    const { id } = await own.incident();
    await own.owner.client.delete(`/incidents/${id}`);
    const list = `/organizations/${own.orgId}/incidents`;
    expect((await own.owner.client.get(list)).body.items).toEqual([]);
    expect((await own.owner.client.get(`${list}?include_deleted=true`)).body.items).toMatchObject([{ id }]);
    const admin = await own.person('admin');
    const reply = await admin.client.get(`${list}?include_deleted=true`);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
  });

  test('are none for who is in no team', async () => {
    const alone = await tenant.person('viewer');
    await tenant.owner.client.delete(`/teams/${tenant.teamId}/members/${alone.id}`);
    expect((await alone.client.get(path())).body).toEqual({ items: [], next_cursor: null, has_more: false });
  });

  test.each([
    ['status=done', '/query/status'],
    ['sort=title', '/query/sort'],
    ['fields=password', '/query/fields/0'],
    ['fields=id&fields=nothing', '/query/fields/1'],
    ['tags=', '/query/tags/0'],
    ['assigned_to=me', '/query/assigned_to'],
    ['updated_since=yesterday', '/query/updated_since'],
    ['status=open&status=closed', '/query/status'],
    ['team_id=1', '/query/team_id'],
    ['limit=101', '/query/limit'],
  ])('refuses %s by name', async (query, pointer) => {
    const reply = await member.client.get(`${path()}?${query}`);
    expect([reply.status, reply.body.code, reply.body.errors[0].pointer]).toEqual([
      422,
      'request.invalid',
      pointer,
    ]);
  });

  test('take no cursor of another sort, filter or list', async () => {
    const { body } = await member.client.get(`${path()}?limit=1`);
    for (const other of [
      `${path()}?sort=created_at`,
      `${path()}?tags=disk`,
      `/teams/${tenant.teamId}/incidents?limit=1`,
    ]) {
      const reply = await member.client.get(`${other}&cursor=${body.next_cursor}`);
      expect([reply.status, reply.body.errors], other).toMatchObject([422, [{ pointer: '/query/cursor' }]]);
    }
  });

  test('of an organization that the caller is no member of are refused, whether it exists or not', async () => {
    const stranger = await newTenant(app);
    for (const orgId of [stranger.orgId, randomUUID()]) {
      const reply = await member.client.get(`/organizations/${orgId}/incidents`);
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    }
  });
});
