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

const canary = 'canary-4711';
const config = {
  model: 'large',
  api_key: canary,
  slack: { botToken: canary, channel: '#incidents' },
  sinks: [
    { url: `https://ada:${canary}@sink.example`, password: canary, headers: { Authorization: canary } },
  ],
  database: { dsn: canary, clientSecret: canary },
};
const maskedConfig = {
  model: 'large',
  api_key: '[masked]',
  slack: { botToken: '[masked]', channel: '#incidents' },
  sinks: [
    {
      url: 'https://ada:[masked]@sink.example',
      password: '[masked]',
      headers: { Authorization: '[masked]' },
    },
  ],
  database: { dsn: '[masked]', clientSecret: '[masked]' },
};

const create = async () =>
  (
    await tenant.owner.client.post(`/teams/${tenant.teamId}/agent-configs`, {
      ...{ name: unique('Secretive'), agent_type: 'custom', config },
      ...{
        config_metadata: { private_key: canary },
        triggers: [{ token: canary }],
        conditions: { dsn: canary },
      },
    })
  ).body;
const data = {
  config: maskedConfig,
  config_metadata: { private_key: '[masked]' },
  triggers: [{ token: '[masked]' }],
  conditions: { dsn: '[masked]' },
};
/** What is stored, as members of the team read it. */
const stored = async (id: string) =>
  (await tenant.owner.client.get(`/agent-configs/${id}?include=secrets`)).body;

test('secrets of a configuration are in no reply, not in the audit trail and not in the log', async () => {
  const { client } = tenant.owner;
  const created = await create();
  const { id } = created;
  const path = `/agent-configs/${id}`;
  const replies = [
    created,
    (await client.put(path, { config: { api_key: canary } })).body,
    (await client.post(`${path}/rollback`, { to: 1 })).body,
    (await client.get(path)).body,
    (await client.get(`/teams/${tenant.teamId}/agent-configs`)).body.items[0],
    (await client.get(`${path}/versions/1`)).body.snapshot,
    (await client.get(`${path}/versions?include=snapshot`)).body.items[0].snapshot,
  ];
  await client.delete(path);
  replies.push((await client.post(`${path}/restore`)).body);
  expect(replies[1].config).toEqual({ api_key: '[masked]' });
  for (const reply of replies.toSpliced(1, 1)) {
    expect(reply).toMatchObject(data);
  }

  const { body: trail } = await client.get(`/organizations/${tenant.orgId}/audit-events?resource_id=${id}`);
  const states = trail.items.map(({ before, after }: Record<string, { config: object } | null>) => [
    before?.config ?? null,
    after?.config ?? null,
  ]);
  expect(states).toEqual([
    [null, maskedConfig],
    [maskedConfig, null],
    [{ api_key: '[masked]' }, maskedConfig],
    [maskedConfig, { api_key: '[masked]' }],
    [null, maskedConfig],
  ]);
  const { rows } = await app.superuser.query(
    'select to_jsonb(e)::text as text from audit_events e where org_id = $1',
    [tenant.orgId],
  );
  expect(JSON.stringify([rows, trail, replies, app.log])).not.toContain(canary);
});

test('members of the team read them where they ask for it, and viewers do not', async () => {
  const { id } = await create();
  const [member, viewer] = [await tenant.person('member'), await tenant.person('viewer')];
  const path = `/agent-configs/${id}?include=secrets`;
  expect((await member.client.get(path)).body).toMatchObject({ config, triggers: [{ token: canary }] });
  expect((await viewer.client.get(path)).body).toMatchObject({ status: 403, code: 'auth.forbidden' });
  expect((await viewer.client.get(`/agent-configs/${id}`)).body).toMatchObject(data);
});

test('who writes back what they read changes no secret, and a mask of nothing is refused', async () => {
  const { client } = tenant.owner;
  const { id } = await create();
  const path = `/agent-configs/${id}`;
  const before = await stored(id);
  const { config: read, triggers } = (await client.get(path)).body;
  expect((await client.put(path, { config: read, triggers })).body.version).toBe(1);
  await client.put(path, { config: { ...read, model: 'small' } });
  expect(await stored(id)).toMatchObject({
    ...before,
    config: { ...config, model: 'small' },
    version: 2,
    updated_at: expect.any(String),
  });

  const refused = {
    status: 422,
    errors: [expect.objectContaining({ pointer: '/body/config/new/password' })],
  };
  const nothing = { config: { new: { password: '[masked]' } } };
  expect((await client.put(path, nothing)).body).toMatchObject(refused);
  const draft = { name: unique('Masked'), agent_type: 'custom', ...nothing };
  expect((await client.post(`/teams/${tenant.teamId}/agent-configs`, draft)).body).toMatchObject(refused);
  expect((await stored(id)).version).toBe(2);
});
