import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const create = async (config: object = {}): Promise<string> => {
  const body = { name: unique('Layer'), layer: 'organization', config };
  return (await tenant.owner.client.post(`/organizations/${tenant.orgId}/configs`, body)).body.id;
};
const statuses = (replies: readonly { status: number }[]): number[] =>
  replies.map(({ status }) => status).sort();
const versionsOf = async (id: string): Promise<string[]> => {
  const { items } = (await tenant.owner.client.get(`/configs/${id}/versions`)).body;
  return items.map(({ version, change }: { version: number; change: string }) => `${version} ${change}`);
};
const entriesOf = async (id: string): Promise<number> => {
  const { rows } = await app.superuser.query(
    'select count(*)::int as n from audit_events where resource_id = $1',
    [id],
  );
  return rows[0]?.n;
};

test('of ten who publish at once, one does', async () => {
  const { client } = tenant.owner;
  const id = await create();
  const replies = await Promise.all(Array.from({ length: 10 }, () => client.post(`/configs/${id}/publish`)));
  expect(statuses(replies)).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  expect([await versionsOf(id), await entriesOf(id)]).toEqual([['2 published', '1 created'], 2]);
});

test('of ten writes with one If-Match, one succeeds, beside a rollback and a publication', async () => {
  const { client } = tenant.owner;
  const id = await create({ n: 0 });
  await client.put(`/configs/${id}`, { config: { n: -1 } });
  const headers = { 'if-match': '"2"' };
  const replies = await Promise.all([
    ...Array.from({ length: 10 }, (_, n) => client.put(`/configs/${id}`, { config: { n } }, { headers })),
    client.post(`/configs/${id}/rollback`, { to: 1 }, { headers }),
    client.post(`/configs/${id}/publish`, undefined, { headers }),
  ]);
  expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
  expect(replies.filter(({ status }) => status === 412)).toHaveLength(11);
  expect([(await versionsOf(id)).length, await entriesOf(id)]).toEqual([3, 3]);
});

test('a rollback beside a publication: both are done, one after the other', async () => {
  const { client } = tenant.owner;
  for (let round = 0; round < 5; round += 1) {
    const id = await create({ n: 1 });
    await client.put(`/configs/${id}`, { config: { n: 2 } });
    const replies = await Promise.all([
      client.post(`/configs/${id}/publish`),
      client.post(`/configs/${id}/rollback`, { to: 1 }),
    ]);
    expect(statuses(replies)).toEqual([200, 201]);
    const { state, config, version } = (await client.get(`/configs/${id}`)).body;
    expect({ state, config, version }).toEqual({ state: 'active', config: { n: 1 }, version: 4 });
    const { effective } = (await client.post(`/organizations/${tenant.orgId}/configs/resolve`, {})).body;
    expect(effective.n).toBe(1);
  }
});

test('whoever resolves while configurations change is answered what was in effect at one moment', async () => {
  const { client } = tenant.owner;
  const id = await create({ pair: { a: 0, b: 0 } });
  await client.post(`/configs/${id}/publish`);
  const write = async () => {
    for (let n = 1; n <= 15; n += 1) {
      await client.put(`/configs/${id}`, { config: { pair: { a: n, b: n } } });
      const { effective } = (await client.post(`/organizations/${tenant.orgId}/configs/resolve`, {})).body;
      expect(effective.pair).toEqual({ a: n, b: n });
    }
  };
  const read = async () => {
    let last = 0;
    for (let n = 0; n < 15; n += 1) {
      const { effective } = (await client.post(`/organizations/${tenant.orgId}/configs/resolve`, {})).body;
      const { a, b } = effective.pair;
      expect([a === b, a >= last]).toEqual([true, true]);
      last = a;
    }
  };
  await Promise.all([write(), read(), read()]);
});

test('of ten who take the last place, one gets it', async () => {
  const other = await newTenant(app);
  await app.superuser.query(
    `insert into configs (org_id, id, layer, name, weight)
     select $1, gen_random_uuid(), 'global', 'n' || n, 0 from generate_series(1, 999) n`,
    [other.orgId],
  );
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      other.owner.client.post(`/organizations/${other.orgId}/configs`, {
        name: `Last ${n}`,
        layer: 'organization',
      }),
    ),
  );
  expect(statuses(replies)).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
});
