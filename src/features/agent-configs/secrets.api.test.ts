import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

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

test('secrets of a configuration are in its replies, and in neither the audit trail nor the log', async () => {
  const { client } = tenant.owner;
  const body = { name: 'Secretive', agent_type: 'custom', config, config_metadata: { private_key: canary } };
  const { id, ...created } = (await client.post(`/teams/${tenant.teamId}/agent-configs`, body)).body;
  expect(created.config).toEqual(config);
  const updated = (await client.put(`/agent-configs/${id}`, { config: { api_key: canary } })).body;
  const rolledBack = (await client.post(`/agent-configs/${id}/rollback`, { to: 1 })).body;
  expect([updated.config, rolledBack.config]).toEqual([{ api_key: canary }, config]);
  expect((await client.get(`/agent-configs/${id}`)).body.config).toEqual(config);
  expect((await client.get(`/agent-configs/${id}/versions/1`)).body.snapshot.config).toEqual(config);
  await client.delete(`/agent-configs/${id}`);

  const { body: trail } = await client.get(`/organizations/${tenant.orgId}/audit-events?resource_id=${id}`);
  const states = trail.items.map(({ before, after }: Record<string, { config: object } | null>) => [
    before?.config ?? null,
    after?.config ?? null,
  ]);
  expect(states).toEqual([
    [maskedConfig, null],
    [{ api_key: '[masked]' }, maskedConfig],
    [maskedConfig, { api_key: '[masked]' }],
    [null, maskedConfig],
  ]);
  const { rows } = await app.superuser.query(
    'select to_jsonb(e)::text as text from audit_events e where org_id = $1',
    [tenant.orgId],
  );
  expect(JSON.stringify([rows, trail, app.log])).not.toContain(canary);
});
