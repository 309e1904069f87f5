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
  await app.superuser.query(
    `insert into agent_configs (org_id, id, team_id, name, agent_type, is_active, created_at, deleted_at)
     select $1, gen_random_uuid(), $2, name, agent_type, is_active, created_at, deleted_at
     from jsonb_to_recordset($3) as seed
       (name text, agent_type text, is_active boolean, created_at timestamptz, deleted_at timestamptz)`,
    [tenant.orgId, tenant.teamId, JSON.stringify(seeds)],
  );
});
afterAll(() => app[Symbol.asyncDispose]());

interface Seed {
  readonly name: string;
  readonly agent_type: string;
  readonly is_active: boolean;
  readonly created_at: string;
  readonly deleted_at: string | null;
}
const types = ['incident_response', 'monitoring', 'analysis', 'notification', 'custom'];
/** Sixty configurations, twenty at each of three instants; every sixth is deleted. */
const seeds: readonly Seed[] = Array.from({ length: 60 }, (_, index) => ({
  name: `Agent ${index}`,
  agent_type: types[index % 5] ?? '',
  is_active: index % 4 !== 0,
  created_at: `2026-01-0${1 + Math.floor(index / 20)}T00:00:00.000Z`,
  deleted_at: index % 6 === 0 ? '2026-02-01T00:00:00.000Z' : null,
}));
const live = seeds.filter((seed) => seed.deleted_at === null);
const names = (items: readonly Seed[]): string[] => items.map(({ name }) => name).sort();

/** Every item of the list, page by page of `limit`. */
async function walk(query: Record<string, string>, limit: number, by = member): Promise<Seed[]> {
  const items: Seed[] = [];
  let cursor: string | null = null;
  do {
    const search = new URLSearchParams({ ...query, limit: String(limit), ...(cursor ? { cursor } : {}) });
    const { status, body } = await by.client.get(`/teams/${tenant.teamId}/agent-configs?${search}`);
    expect([status, body.has_more]).toEqual([200, body.next_cursor !== null]);
    items.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return items;
}

describe('GET /teams/{team_id}/agent-configs', () => {
  test('q looks for words in name and description', async () => {
    const own = await newTenant(app);
    const path = `/teams/${own.teamId}/agent-configs`;
    await app.superuser.query(
      `insert into agent_configs (org_id, id, team_id, name, description, agent_type, created_at)
       select $1, gen_random_uuid(), $2, case when n = 140 then 'Störung' else 'Agent ' || n end, 'Looks at disks', 'custom',
              now() - n * interval '1 day' from generate_series(1, 140) n`,
      [own.orgId, own.teamId],
    );
    const found = async (query: string): Promise<string[]> =>
      (await own.owner.client.get(`${path}?${query}`)).body.items.map(({ name }: { name: string }) => name);
    expect(await found('q=disk+storung')).toEqual(['Störung']);
    expect(await found('q=disk&limit=2')).toEqual(['Agent 1', 'Agent 2']);
    expect(await found('q=storung&agent_type=analysis')).toEqual([]);
    expect(await found('q=storung&is_active=true')).toEqual(['Störung']);
    expect(await found('q=nowhere')).toEqual([]);
  });

  const filters: readonly [Record<string, string>, (seed: Seed) => boolean][] = [
    [{}, () => true],
    [{ agent_type: 'analysis' }, (seed) => seed.agent_type === 'analysis'],
    [{ is_active: 'true' }, (seed) => seed.is_active],
    [{ is_active: 'false' }, (seed) => !seed.is_active],
    [{ agent_type: 'custom', is_active: 'false' }, (seed) => seed.agent_type === 'custom' && !seed.is_active],
  ];

  test.each(filters)(
    'with %j gives each match exactly once, newest first, on pages of any size',
    async (query, is) => {
      for (const limit of [3, 8, 100]) {
        const items = await walk(query, limit);
        expect(names(items)).toEqual(names(live.filter(is)));
        const times = items.map(({ created_at }) => created_at);
        expect(times).toEqual(times.toSorted().reverse());
      }
    },
  );

  test('lists the deleted for admins who ask for them, with the other filters', async () => {
    const { owner } = tenant;
    expect(names(await walk({ include_deleted: 'true' }, 7, owner))).toEqual(names(seeds));
    expect(names(await walk({ include_deleted: 'true', is_active: 'false' }, 7, owner))).toEqual(
      names(seeds.filter((seed) => !seed.is_active)),
    );
    const admin = await tenant.person('admin');
    expect(await walk({ include_deleted: 'true' }, 100, admin)).toHaveLength(60);
  });

  test.each(['member', 'viewer'] as const)('does not list the deleted for a %s', async (role) => {
    const { client } = await tenant.person(role);
    const reply = await client.get(`/teams/${tenant.teamId}/agent-configs?include_deleted=true`);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
  });

  test('has 20 items a page where no limit is given', async () => {
    const { body } = await member.client.get(`/teams/${tenant.teamId}/agent-configs`);
    expect([body.items.length, body.has_more]).toEqual([20, true]);
  });

  test.each(['agent_type=oracle', 'is_active=maybe', 'name=x', 'limit=0', 'limit=101', 'cursor=x'])(
    'refuses %s by name',
    async (query) => {
      const reply = await member.client.get(`/teams/${tenant.teamId}/agent-configs?${query}`);
      expect([reply.status, reply.body]).toMatchObject([
        422,
        { code: 'request.invalid', errors: [{ pointer: `/query/${query.split('=')[0]}` }] },
      ]);
    },
  );
});
