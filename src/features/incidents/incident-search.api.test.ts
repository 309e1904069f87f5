import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let otherTeamId: string;

/** More than are looked through one by one. Half are of the last minute, so that many share each span of time; the others of four years. */
const count = 900;
const titles = Array.from({ length: count }, (_, n) =>
  [
    `Incident ${n}`,
    n % 2 === 0 ? 'even' : 'odd',
    n >= 500 && n % 3 === 0 ? 'ancient' : '',
    n === 888 ? 'Größe % 東京 zq' : '',
  ].join(' '),
);
const having = (is: (title: string, n: number) => boolean): string[] =>
  titles.filter(is).toSorted((a, b) => a.localeCompare(b));

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  otherTeamId = await tenant.team();
  await app.superuser.query(
    `insert into incidents (org_id, id, team_id, title, tags, created_at, updated_at)
     select $1, gen_random_uuid(), case when n % 5 = 0 then $3::uuid else $2 end, title,
            case when n % 7 = 0 then array['seven', 'x' || n % 2] else '{}' end,
            now() - case when n < 450 then n / 100 * interval '1 second' else n * interval '40 hours' end, now()
     from unnest($4::text[]) with ordinality as seed (title, number), lateral (select number::int - 1 as n) n`,
    [tenant.orgId, tenant.teamId, otherTeamId, titles],
  );
});
afterAll(() => app[Symbol.asyncDispose]());

interface Item {
  readonly title: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Every item of a list, page by page. */
async function walk(path: string, search: string, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  let cursor = '';
  do {
    const { status, body } = await tenant.owner.client.get(`${path}?limit=${limit}&${search}${cursor}`);
    expect(status, JSON.stringify(body)).toBe(200);
    items.push(...body.items);
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  return items;
}
const sortedTitles = (items: readonly Item[]): string[] =>
  items.map(({ title }) => title).toSorted((a, b) => a.localeCompare(b));

const searches: readonly [string, (title: string, n: number) => boolean][] = [
  ['q=even', (title) => title.includes('even')],
  ['q=ancient', (title) => title.includes('ancient')],
  ['q=cien', (title) => title.includes('cien')],
  ['q=ANCIENT+odd', (title) => title.includes('ancient') && title.includes('odd')],
  ['q=88', (title) => / 88/.test(title)],
  ['q=zq', (title) => title.includes('zq')],
  ['q=%25', (title) => title.includes('%')],
  [`q=${encodeURIComponent('京')}`, (title) => title.includes('京')],
  ['q=grosse', (title) => title.includes('Größe')],
  ['q=nowhere', () => false],
  ['q=qz', () => false],
  ['tag=seven', (_, n) => n % 7 === 0],
  ['tag=seven&tag=x1', (_, n) => n % 14 === 7],
  ['tag=seven&q=ancient&status=open', (title, n) => n % 7 === 0 && title.includes('ancient')],
  ['q=ancient&status=closed', () => false],
];

describe('a search in a list that is longer than what is looked through', () => {
  test.each(searches)('%s: the team’s list gives each match once, newest first', async (search, is) => {
    const expected = having((title, n) => n % 5 !== 0 && is(title, n));
    const items = await walk(`/teams/${tenant.teamId}/incidents`, search, 40);
    expect(sortedTitles(items)).toEqual(expected);
    const times = items.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted().reverse());
  });

  test.each(searches)('%s: the organization’s list gives each match once', async (search, is) => {
    const items = await walk(`/organizations/${tenant.orgId}/incidents`, search, 100);
    expect(sortedTitles(items)).toEqual(having(is));
  });

  test.each(['created_at', 'updated_at', '-updated_at'])('sorted by %s', async (sort) => {
    const items = await walk(`/organizations/${tenant.orgId}/incidents`, `sort=${sort}&q=ancient`, 30);
    expect(sortedTitles(items)).toEqual(having((title) => title.includes('ancient')));
    const times = items.map((item) => (sort === 'created_at' ? item.created_at : item.updated_at));
    expect(times).toEqual(sort.startsWith('-') ? times.toSorted().reverse() : times.toSorted());
  });
});

describe('what is searched follows what is written', () => {
  const found = async (own: Tenant, search: string): Promise<string[]> =>
    (await own.owner.client.get(`/teams/${own.teamId}/incidents?${search}`)).body.items.map(
      ({ title }: Item) => title,
    );

  test('changes, deletion and restoration', async () => {
    const own = await newTenant(app);
    const { id } = await own.incident({ title: 'First', tags: ['a'] });
    await own.owner.client.put(`/incidents/${id}`, { title: 'Second', tags: ['b'] });
    expect([await found(own, 'q=first'), await found(own, 'q=second')]).toEqual([[], ['Second']]);
    expect([await found(own, 'tag=a'), await found(own, 'tag=b')]).toEqual([[], ['Second']]);
    await own.owner.client.delete(`/incidents/${id}`);
    expect(await found(own, 'q=second')).toEqual([]);
    expect(await found(own, 'q=second&include_deleted=true')).toEqual(['Second']);
    await own.owner.client.post(`/incidents/${id}/restore`);
    expect(await found(own, 'q=second')).toEqual(['Second']);
  });

  test('by whom they are assigned to', async () => {
    const own = await newTenant(app);
    const member = await own.person('member');
    await own.incident({ title: 'Ours' });
    await own.incident({ title: 'Theirs', assigned_to: member.id });
    expect(await found(own, `assigned_to=${member.id}`)).toEqual(['Theirs']);
    expect(await found(own, `assigned_to=${member.id}&q=ours`)).toEqual([]);
  });

  test('no other tenant’s rows come out, whichever list is asked for', async () => {
    const other = await newTenant(app);
    const client = await app.superuser.connect();
    try {
      await client.query('begin');
      await client.query('set local role brownie_app');
      const lists = [other.orgId, tenant.orgId, tenant.teamId];
      const found = async (orgId: string): Promise<number | null> => {
        await client.query(`select set_config('app.org_id', $1, true)`, [orgId]);
        const { rowCount } = await client.query(
          `select from search_entries_before('incident', $1::uuid[], '{ancient}', 'infinity', $2::uuid, 1000, '{}')`,
          [lists, other.orgId],
        );
        return rowCount;
      };
      const ancient = titles.filter((title) => title.includes('ancient')).length;
      expect([await found(other.orgId), await found(''), await found(tenant.orgId)]).toEqual([0, 0, ancient]);
      await expect(client.query('delete from search_entries')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

test.each([
  'a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7 8 9 0',
  '%_%_%_\\\\((([[[***',
  '"',
  '\u0301',
  'ß'.repeat(500),
])('no text is refused or breaks it: %s', async (q) => {
  const { status } = await tenant.owner.client.get(
    `/teams/${tenant.teamId}/incidents?q=${encodeURIComponent(q)}`,
  );
  expect(status).toBe(200);
});
