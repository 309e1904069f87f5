import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant, type Tenant, unique } from '../harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let configId: string;
let incidentId: string;
let layerId: string;

const mib = 1024 * 1024;
const rows = 8;

/** @NOTE of 64 KiB over and over, which PostgreSQL does not compress (it looks back 4 KiB): 1 MiB on disk as on the wire. */
const large = `jsonb_build_object('text', repeat((select string_agg(md5(i::text), '') from generate_series(1, 2048) i), 16))`;

const insert = (statement: string, ...values: unknown[]) =>
  app.superuser.query(statement.replaceAll('LARGE', large), [tenant.orgId, ...values]);

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  const { client, id: owner } = tenant.owner;
  const body = { name: unique('Large'), agent_type: 'custom' };
  configId = (await client.post(`/teams/${tenant.teamId}/agent-configs`, body)).body.id;
  incidentId = (await tenant.incident()).id;
  await insert(
    `insert into agent_config_versions (org_id, config_id, version, change, snapshot)
     select $1, $2, n + 1, 'updated', (select snapshot from agent_config_versions where org_id = $1 and config_id = $2 and version = 1)
       || jsonb_build_object('config', LARGE)
     from generate_series(1, ${rows}) n`,
    configId,
  );
  await insert(
    `insert into agent_configs (org_id, id, team_id, name, agent_type, config, created_by)
     select $1, gen_random_uuid(), $2, 'Large ' || n, 'custom', LARGE, $3 from generate_series(1, ${rows}) n`,
    tenant.teamId,
    owner,
  );
  const draft = { name: unique('Layer'), layer: 'organization' };
  layerId = (await client.post(`/organizations/${tenant.orgId}/configs`, draft)).body.id;
  await insert(
    `insert into configs (org_id, id, layer, name, config, weight, created_by)
     select $1, gen_random_uuid(), 'organization', 'Large ' || n, LARGE, 100, $2 from generate_series(1, ${rows}) n`,
    owner,
  );
  await insert(
    `insert into config_versions (org_id, config_id, version, change, state, snapshot)
     select $1, $2, n + 1, 'updated', 'draft', (select snapshot from config_versions where org_id = $1 and config_id = $2 and version = 1)
       || jsonb_build_object('config', LARGE)
     from generate_series(1, ${rows}) n`,
    layerId,
  );
  await insert(
    `insert into incidents (org_id, id, team_id, title, incident_metadata, created_by)
     select $1, gen_random_uuid(), $2, 'Large ' || n, LARGE, $3 from generate_series(1, ${rows}) n`,
    tenant.teamId,
    owner,
  );
  await insert(
    `insert into incident_events (org_id, id, incident_id, type, actor_id, changes, created_at)
     select $1, gen_random_uuid(), $2, 'updated', $3, jsonb_build_object('title', jsonb_build_object('from', LARGE->>'text', 'to', 'x')),
            now() + n * interval '1 ms'
     from generate_series(1, ${rows}) n`,
    incidentId,
    owner,
  );
  await insert(
    `insert into stats (org_id, id, team_id, metric_name, metric_type, value, "timestamp", labels, created_by)
     select $1, gen_random_uuid(), $2, 'large', 'gauge', n, now(), LARGE, $3 from generate_series(1, ${rows}) n`,
    tenant.teamId,
    owner,
  );
  await insert(
    `insert into audit_events (org_id, id, actor_type, actor_id, action, resource_type, resource_id, after)
     select $1, gen_random_uuid(), 'user', $2, 'incident.updated', 'incident', gen_random_uuid(), LARGE
     from generate_series(1, ${rows}) n`,
    owner,
  );
  await insert(
    `with person as (
       insert into users (id, org_id, email, username, preferences)
       select gen_random_uuid(), $1, $2 || n || '@example.com', $2 || n, LARGE from generate_series(1, ${rows}) n returning id
     ), membership as (
       insert into organization_memberships (org_id, user_id, role, team_id) select $1, id, 'member', $3 from person
       returning user_id
     )
     insert into team_memberships (org_id, team_id, user_id, role) select $1, $3, user_id, 'viewer' from membership`,
    unique('p'),
    tenant.teamId,
  );
});
afterAll(() => app[Symbol.asyncDispose]());

const lists: Readonly<Record<string, () => string>> = {
  'versions with what they said': () => `/agent-configs/${configId}/versions?include=snapshot`,
  'agent configurations': () => `/teams/${tenant.teamId}/agent-configs?`,
  configurations: () => `/organizations/${tenant.orgId}/configs?`,
  'versions of a configuration with what they said': () => `/configs/${layerId}/versions?include=snapshot`,
  incidents: () => `/teams/${tenant.teamId}/incidents?`,
  'incidents of the organization': () => `/organizations/${tenant.orgId}/incidents?`,
  'events of an incident': () => `/incidents/${incidentId}/events?`,
  stats: () => `/teams/${tenant.teamId}/stats?`,
  'stats of the organization': () => `/organizations/${tenant.orgId}/stats?`,
  'the audit trail': () => `/organizations/${tenant.orgId}/audit-events?action=incident.updated`,
  users: () => `/organizations/${tenant.orgId}/users?`,
  'members of a team': () => `/teams/${tenant.teamId}/members?`,
};

describe('a page', () => {
  test.each(Object.entries(lists))(
    'of %s ends before it is too large, and every row comes once',
    async (_, list) => {
      const { client } = tenant.owner;
      const ids: string[] = [];
      let pages = 0;
      for (let cursor: string | null = ''; cursor !== null; pages += 1) {
        const { body } = await client.get(`${list()}&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect(JSON.stringify(body).length).toBeLessThan(3.5 * mib);
        expect(body.has_more).toBe(body.next_cursor !== null);
        ids.push(
          ...body.items.map((row: Record<string, string>) => row['id'] ?? row['user_id'] ?? row['version']),
        );
        cursor = body.next_cursor;
      }
      expect(pages).toBeGreaterThan(rows / 3);
      expect(ids.length).toBeGreaterThanOrEqual(rows);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  test('of versions says nothing of what they said unless it is asked to', async () => {
    const { body } = await tenant.owner.client.get(`/agent-configs/${configId}/versions?limit=100`);
    expect([body.items.length, body.has_more]).toEqual([rows + 1, false]);
    expect(JSON.stringify(body)).not.toContain('snapshot');
  });
});

test('permissions of a team, whose list does not page, are small', async () => {
  const permissions = { text: 'x'.repeat(70_000) };
  const { client } = tenant.owner;
  for (const { status, body } of [
    await client.post(`/organizations/${tenant.orgId}/teams`, { name: unique('Team'), permissions }),
    await client.put(`/teams/${tenant.teamId}`, { permissions }),
  ]) {
    expect([status, body.errors?.[0].pointer]).toEqual([422, '/permissions']);
  }
});

test('a resource whose history has become too large takes small changes only, and says why', async () => {
  const { client, id: owner } = tenant.owner;
  const { id } = await tenant.incident();
  await insert(
    `insert into audit_events (org_id, id, actor_type, actor_id, action, resource_type, resource_id, after, occurred_at)
     select $1, gen_random_uuid(), 'user', $2, 'incident.updated', 'incident', $3, LARGE, now() - interval '1 day'
     from generate_series(1, 66) n`,
    owner,
    id,
  );
  const metadata = { incident_metadata: { text: randomUUID().repeat(600) } };
  const refused = await client.put(`/incidents/${id}`, metadata);
  expect([refused.status, refused.body.code]).toEqual([409, 'resource.history_full']);
  expect((await client.put(`/incidents/${id}`, { status: 'resolved' })).status).toBe(200);
  expect((await client.put(`/incidents/${(await tenant.incident()).id}`, metadata)).status).toBe(200);
});
