import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let member: Person;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  member = await tenant.person('member');
  await fill();
});
afterAll(() => app[Symbol.asyncDispose]());

interface Seed {
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly priority: string;
  readonly created_at: string;
}
/** Sixty incidents: ten at each of six instants, five of each pair of status and priority. */
const seeds: readonly Seed[] = Array.from({ length: 60 }, (_, index) => ({
  title: `Incident ${index}`,
  description: index % 4 === 0 ? `Disk ${index} is full` : null,
  status: ['open', 'in_progress', 'cancelled'][index % 3] ?? '',
  priority: ['low', 'medium', 'high', 'critical'][index % 4] ?? '',
  created_at: `2026-01-0${1 + Math.floor(index / 10)}T00:00:00.000Z`,
}));

async function fill(): Promise<void> {
  await app.superuser.query(
    `insert into incidents (org_id, id, team_id, title, description, status, priority, started_at,
       response_time_minutes, created_at)
     select $1, gen_random_uuid(), $2, title, description, status, priority,
       case when status <> 'open' then created_at end, case when status <> 'open' then 0 end, created_at
     from jsonb_to_recordset($3) as seed
       (title text, description text, status text, priority text, created_at timestamptz)`,
    [tenant.orgId, tenant.teamId, JSON.stringify(seeds)],
  );
}

/** Every item of the list, page by page of `limit`. */
async function walk(query: Record<string, string>, limit: number): Promise<Seed[]> {
  const items: Seed[] = [];
  let cursor: string | null = null;
  do {
    const search = new URLSearchParams({ ...query, limit: String(limit), ...(cursor ? { cursor } : {}) });
    const { status, body } = await member.client.get(`/teams/${tenant.teamId}/incidents?${search}`);
    expect([status, body.has_more]).toEqual([200, body.next_cursor !== null]);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return items;
}
const titles = (items: readonly Seed[]): string[] => items.map(({ title }) => title).sort();

describe('a filter', () => {
  const filters: readonly [Record<string, string>, (seed: Seed) => boolean][] = [
    [{}, () => true],
    [{ status: 'open' }, (seed) => seed.status === 'open'],
    [{ priority: 'critical' }, (seed) => seed.priority === 'critical'],
    [{ since: '2026-01-04T00:00:00Z' }, (seed) => seed.created_at >= '2026-01-04'],
    [{ since: '2026-01-04T02:00:00+02:00' }, (seed) => seed.created_at >= '2026-01-04'],
    [{ since: '2026-01-04T00:00:00.001Z' }, (seed) => seed.created_at >= '2026-01-05'],
    [{ q: 'disk' }, (seed) => seed.description !== null],
    [{ q: 'INCIDENT 1' }, (seed) => seed.title.includes('Incident 1')],
    [
      { status: 'cancelled', priority: 'low' },
      (seed) => seed.status === 'cancelled' && seed.priority === 'low',
    ],
    [
      { status: 'open', priority: 'low', since: '2026-01-02T00:00:00Z', q: 'disk' },
      (seed) => seed.status === 'open' && seed.priority === 'low' && seed.created_at >= '2026-01-02',
    ],
    [{ status: 'closed' }, () => false],
  ];

  test.each(filters)(
    '%j gives each match exactly once, newest first, on pages of any size',
    async (query, is) => {
      const expected = titles(seeds.filter(is));
      for (const limit of [3, 7, 100]) {
        const items = await walk(query, limit);
        expect(titles(items)).toEqual(expected);
        const times = items.map(({ created_at }) => created_at);
        expect(times).toEqual(times.toSorted().reverse());
      }
    },
  );
});

describe('pages', () => {
  test('have 20 items where no limit is given, and the last one says so', async () => {
    const first = await member.client.get(`/teams/${tenant.teamId}/incidents`);
    expect([first.body.items.length, first.body.has_more, typeof first.body.next_cursor]).toEqual([
      20,
      true,
      'string',
    ]);
    const all = await member.client.get(`/teams/${tenant.teamId}/incidents?limit=60`);
    expect([all.body.items.length, all.body.has_more, all.body.next_cursor]).toEqual([60, false, null]);
  });

  test('may change in size on the way', async () => {
    const path = `/teams/${tenant.teamId}/incidents?limit=`;
    const first = await member.client.get(`${path}25`);
    const rest = await member.client.get(`${path}100&cursor=${first.body.next_cursor}`);
    expect(titles([...first.body.items, ...rest.body.items])).toEqual(titles(seeds));
  });
});

describe('a search', () => {
  const others = ['100% busy', '100 percent busy', 'a_b', 'aXb', 'C:\\temp', 'ÜBERLAST', "it's down"];
  let searched: Tenant;

  beforeAll(async () => {
    searched = await newTenant(app);
    for (const title of others) {
      await searched.incident({ title });
    }
    await searched.incident({ title: 'Silent', description: 'Nobody noticed: 50% of Überlast' });
  });

  test.each([
    ['100%', ['100% busy']],
    ['%', ['100% busy', 'Silent']],
    ['_', ['a_b']],
    ['A_B', ['a_b']],
    ['\\', ['C:\\temp']],
    ['überlast', ['Silent', 'ÜBERLAST']],
    ["it's", ["it's down"]],
    ['BUSY', ['100 percent busy', '100% busy']],
    ['uberlast', ['Silent', 'ÜBERLAST']],
    ['NOBODY silent', ['Silent']],
    ['"silent nobody"', []],
    ['"nobody  noticed"', ['Silent']],
    ['silent "nobody noticed: 50%"', ['Silent']],
    ['silent absent', []],
    ['b', ['100 percent busy', '100% busy', 'a_b']],
    ['us', []],
    ['usy', ['100 percent busy', '100% busy']],
    ['0% bu', ['100% busy']],
    ['c:\\', ['C:\\temp']],
    ['" "', [...others, 'Silent']],
  ])(
    'for %s: all words, whatever their order, case and accents, and every character for itself',
    async (q, expected) => {
      const path = `/teams/${searched.teamId}/incidents?q=${encodeURIComponent(q)}`;
      const { status, body } = await searched.owner.client.get(path);
      expect([status, titles(body.items)]).toEqual([200, expected.toSorted()]);
    },
  );
});

describe('deleted incidents', () => {
  test('are listed for admins who ask for them, and for nobody else', async () => {
    const own = await newTenant(app);
    const path = `/teams/${own.teamId}/incidents`;
    const [kept, deleted] = [await own.incident({ title: 'Kept' }), await own.incident({ title: 'Deleted' })];
    await own.owner.client.delete(`/incidents/${deleted.id}`);
    const list = async (query: string) =>
      (await own.owner.client.get(`${path}${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await list('')).toEqual([kept.id]);
    expect(await list('?include_deleted=false')).toEqual([kept.id]);
    expect(await list('?include_deleted=true')).toEqual([deleted.id, kept.id]);
    expect(await list('?include_deleted=true&q=deleted')).toEqual([deleted.id]);
    for (const role of ['member', 'viewer'] as const) {
      const person = await own.person(role);
      const reply = await person.client.get(`${path}?include_deleted=true`);
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    }
    const admin = await own.person('admin');
    expect((await admin.client.get(`${path}?include_deleted=true`)).body.items).toHaveLength(2);
  });
});
