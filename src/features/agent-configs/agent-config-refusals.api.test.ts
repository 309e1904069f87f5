import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Client } from '../../../test/harness/client.ts';
import { newTenant, type Person, type Tenant } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
/** An admin of another team of the same organization. */
let neighbour: Person;
let viewer: Person;
let configId: string;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  neighbour = await tenant.person('admin', await tenant.team());
  viewer = await tenant.person('viewer');
  const created = await tenant.owner.client.post(`/teams/${tenant.teamId}/agent-configs`, {
    name: 'Triage',
    agent_type: 'custom',
  });
  configId = created.body.id;
});
afterAll(() => app[Symbol.asyncDispose]());

const rows = async (): Promise<unknown> =>
  (
    await app.superuser.query(
      `select (select jsonb_agg(to_jsonb(c) order by c.id) from agent_configs c where c.org_id = $1) as configs,
              (select count(*) from agent_config_versions where org_id = $1) as versions,
              (select count(*) from audit_events where org_id = $1 and action <> 'access.refused') as entries`,
      [tenant.orgId],
    )
  ).rows;

type Send = (client: Client, teamId: string, id: string) => ReturnType<Client['get']>;
const reading: readonly [string, Send][] = [
  ['list', (client, teamId) => client.get(`/teams/${teamId}/agent-configs`)],
  ['read', (client, _, id) => client.get(`/agent-configs/${id}`)],
  ['list the versions of', (client, _, id) => client.get(`/agent-configs/${id}/versions`)],
  ['read a version of', (client, _, id) => client.get(`/agent-configs/${id}/versions/1`)],
];
const writing: readonly [string, Send][] = [
  [
    'create',
    (client, teamId) => client.post(`/teams/${teamId}/agent-configs`, { name: 'x', agent_type: 'custom' }),
  ],
  ['update', (client, _, id) => client.put(`/agent-configs/${id}`, { name: 'x' })],
  ['roll back', (client, _, id) => client.post(`/agent-configs/${id}/rollback`, { to: 1 })],
  ['delete', (client, _, id) => client.delete(`/agent-configs/${id}`)],
  ['restore', (client, _, id) => client.post(`/agent-configs/${id}/restore`)],
];

describe('another team of the same organization', () => {
  test.each([...reading, ...writing])('may not %s configurations of this one', async (_, send) => {
    const before = await rows();
    const reply = await send(neighbour.client, tenant.teamId, configId);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    expect(await rows()).toEqual(before);
  });
});

describe('a viewer', () => {
  test.each(reading)('may %s configurations', async (_, send) => {
    expect((await send(viewer.client, tenant.teamId, configId)).status).toBe(200);
  });

  test.each(writing)('may not %s configurations', async (_, send) => {
    const before = await rows();
    const reply = await send(viewer.client, tenant.teamId, configId);
    expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    expect(await rows()).toEqual(before);
  });
});

describe('ids of nothing', () => {
  test.each([...reading, ...writing])('cannot be used to %s configurations', async (_, send) => {
    const reply = await send(tenant.owner.client, randomUUID(), randomUUID());
    expect([reply.status, reply.body.code]).toEqual([
      404,
      expect.stringMatching(/^(agent_config|team)\.not_found$/),
    ]);
  });

  test.each([...reading, ...writing])(
    'that are no UUID cannot be used to %s configurations',
    async (_, send) => {
      const reply = await send(tenant.owner.client, 'platform', '4711');
      expect([reply.status, reply.body]).toMatchObject([
        422,
        {
          code: 'request.invalid',
          errors: [{ pointer: expect.stringMatching(/^\/path\/(team|config)_id$/) }],
        },
      ]);
    },
  );
});

describe('an id in the body', () => {
  test.each(['organization_id', 'team_id'])(
    'that differs from the path’s %s is refused by name',
    async (field) => {
      const body = { name: 'x', [field]: randomUUID() };
      const before = await rows();
      for (const reply of [
        await tenant.owner.client.post(`/teams/${tenant.teamId}/agent-configs`, {
          ...body,
          agent_type: 'custom',
        }),
        await tenant.owner.client.put(`/agent-configs/${configId}`, body),
      ]) {
        expect([reply.status, reply.body]).toMatchObject([
          422,
          { code: 'request.path_mismatch', errors: [{ pointer: `/${field}` }] },
        ]);
      }
      expect(await rows()).toEqual(before);
    },
  );

  test('that is the path’s is taken', async () => {
    const { orgId, teamId } = tenant;
    const reply = await tenant.owner.client.put(`/agent-configs/${configId}`, {
      description: 'x',
      organization_id: orgId,
      team_id: teamId,
    });
    expect([reply.status, reply.body]).toMatchObject([200, { organization_id: orgId, team_id: teamId }]);
  });
});

describe('bodies', () => {
  test('of more than 1 MiB are refused with 413, of another media type with 415', async () => {
    const { client } = tenant.owner;
    const path = `/teams/${tenant.teamId}/agent-configs`;
    const large = await client.post(path, {
      name: 'x',
      agent_type: 'custom',
      config: { text: 'x'.repeat(1024 * 1024) },
    });
    expect([large.status, large.body.code]).toEqual([413, 'request.too_large']);
    const yaml = await client.post(path, 'name: x', { headers: { 'content-type': 'application/yaml' } });
    expect([yaml.status, yaml.body.code]).toEqual([415, 'request.unsupported_media_type']);
  });
});
