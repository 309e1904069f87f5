import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditOf } from '../../src/platform/audit/audit-trail.fixture.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import type { Client, Reply } from '../harness/client.ts';
import { newTenant, password, type Tenant } from '../harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let client: Client;
let user: string;
let incident: string;
let config: string;
let layer: string;

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  client = tenant.owner.client;
  user = (await tenant.person('member')).id;
  incident = (await tenant.incident()).id;
  const { body } = await client.post(`/teams/${tenant.teamId}/agent-configs`, {
    name: 'Agent',
    agent_type: 'custom',
  });
  config = body.id;
  const draft = { name: 'Layer', layer: 'organization' };
  layer = (await client.post(`/organizations/${tenant.orgId}/configs`, draft)).body.id;
});
afterAll(() => app[Symbol.asyncDispose]());

/** The rows that audit entries are of, by their type of resource. */
const tables = {
  incident: ['incidents', () => incident],
  agent_config: ['agent_configs', () => config],
  config: ['configs', () => layer],
  team: ['teams', () => tenant.teamId],
  user: ['users', () => user],
  organization: ['organizations', () => tenant.orgId],
} as const;
type Kind = keyof typeof tables;

describe('a change that waited for another one of the same resource', () => {
  /**
   * Sends while somebody else holds the resource's row, who then leaves an audit entry of an hour ahead, as by a clock that was set
   * back since, and commits; answers when theirs was.
   */
  async function sendBehind(kind: Kind, send: () => Promise<Reply>): Promise<{ reply: Reply; at: string }> {
    const [table, idOf] = tables[kind];
    const other = await app.superuser.connect();
    try {
      await other.query('begin');
      const { rows } = await other.query<{ pid: number }>(
        `select pg_backend_pid() as pid from ${table} where id = $1 for no key update`,
        [idOf()],
      );
      const sent = send();
      const isBlocked = async () =>
        (
          await app.superuser.query('select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [
            rows[0]?.pid,
          ])
        ).rowCount;
      await Promise.race([
        expect.poll(isBlocked).toBe(1),
        sent.then(({ status }) => expect.fail(`it did not wait: ${status}`)),
      ]);
      const { rows: entries } = await other.query<{ at: Date }>(
        `insert into audit_events (org_id, id, occurred_at, actor_type, action, resource_type, resource_id)
         select $1, gen_random_uuid(), greatest(max(occurred_at), clock_timestamp()) + interval '1 hour', 'operator',
                'test.waited_for', $2, $3 from audit_events where org_id = $1 and resource_id = $3
         returning occurred_at as at`,
        [tenant.orgId, kind, idOf()],
      );
      await other.query('commit');
      return { reply: await sent, at: new Date((entries[0]?.at.getTime() ?? 0) + 1).toISOString() };
    } finally {
      await other.query('rollback');
      other.release();
    }
  }

  const cases: readonly [string, Kind, () => Promise<Reply>][] = [
    ['an update of an incident', 'incident', () => client.put(`/incidents/${incident}`, { title: 'New' })],
    ['a comment', 'incident', () => client.post(`/incidents/${incident}/comments`, { comment: 'Seen' })],
    ['the deletion of an incident', 'incident', () => client.delete(`/incidents/${incident}`)],
    ['restoring an incident', 'incident', () => client.post(`/incidents/${incident}/restore`)],
    [
      'an update of a configuration',
      'agent_config',
      () => client.put(`/agent-configs/${config}`, { name: 'New' }),
    ],
    ['a rollback', 'agent_config', () => client.post(`/agent-configs/${config}/rollback`, { to: 1 })],
    ['the deletion of a configuration', 'agent_config', () => client.delete(`/agent-configs/${config}`)],
    ['restoring a configuration', 'agent_config', () => client.post(`/agent-configs/${config}/restore`)],
    ['an update of a layer', 'config', () => client.put(`/configs/${layer}`, { name: 'New' })],
    ['a rollback of a layer', 'config', () => client.post(`/configs/${layer}/rollback`, { to: 1 })],
    ['publishing a layer', 'config', () => client.post(`/configs/${layer}/publish`)],
    ['deprecating a layer', 'config', () => client.post(`/configs/${layer}/deprecate`)],
    ['archiving a layer', 'config', () => client.post(`/configs/${layer}/archive`)],
    ['the deletion of a layer', 'config', () => client.delete(`/configs/${layer}`)],
    ['restoring a layer', 'config', () => client.post(`/configs/${layer}/restore`)],
    ['an update of a team', 'team', () => client.put(`/teams/${tenant.teamId}`, { description: 'New' })],
    [
      'a member’s other role',
      'team',
      () => client.put(`/teams/${tenant.teamId}/members/${user}`, { role: 'viewer' }),
    ],
    ['taking a member out', 'team', () => client.delete(`/teams/${tenant.teamId}/members/${user}`)],
    [
      'taking a member in',
      'team',
      () => client.post(`/teams/${tenant.teamId}/members`, { user_id: user, role: 'member' }),
    ],
    ['an update of a user', 'user', () => client.put(`/users/${user}`, { full_name: 'New' })],
    ['a user’s other role', 'user', () => client.put(`/users/${user}`, { role: 'viewer' })],
    ['the deletion of a user', 'user', () => client.delete(`/users/${user}`)],
    ['restoring a user', 'user', () => client.post(`/users/${user}/restore`)],
    [
      'an update of an organization',
      'organization',
      () => client.put(`/organizations/${tenant.orgId}`, { description: 'New' }),
    ],
  ];
  test.each(cases)('%s is after it, with everything that it writes', async (_, kind, send) => {
    const { reply, at } = await sendBehind(kind, send);
    expect([200, 201, 204]).toContain(reply.status);
    const [entry] = await auditOf(app.superuser, reply);
    const [table, idOf] = tables[kind];
    const {
      rows: [times],
    } = await app.superuser.query<Record<string, Date | null>>(
      `select (select occurred_at from audit_events where request_id = $1) as entry,
              (select updated_at from ${table} where id = $2) as row,
              (select max(created_at) from incident_events where incident_id = $2) as event,
              (select max(created_at) from (select created_at, config_id from agent_config_versions
                 union all select created_at, config_id from config_versions) kept where config_id = $2) as version`,
      [reply.headers.get('x-request-id'), idOf()],
    );
    const isOfRow = !/commented|member_/.test(entry?.action ?? '');
    expect(times).toEqual({
      entry: new Date(at),
      row: isOfRow ? new Date(at) : expect.any(Date),
      event: kind === 'incident' ? new Date(at) : null,
      version: kind.endsWith('config') ? new Date(at) : null,
    });
  });
});

describe('an update that changes nothing', () => {
  const traces = async () => {
    const tablesOfTraces = ['audit_events', 'incident_events', 'agent_config_versions', ...rowTables];
    const parts = tablesOfTraces.map(
      (table) =>
        `select '${table}' as table, count(*)::int as rows, max(xmin::text::bigint) as writer from ${table}
         where ${table === 'organizations' ? 'id' : 'org_id'} = $1`,
    );
    return (await app.superuser.query(`${parts.join(' union all ')} order by 1`, [tenant.orgId])).rows;
  };
  const rowTables = [
    'incidents',
    'agent_configs',
    'teams',
    'users',
    'organizations',
    'team_memberships',
    'organization_memberships',
  ];
  const json = { z: [1, { b: null, a: 1e3 }], a: 'ü' };

  const cases: readonly [string, () => string, object][] = [
    [
      'an incident',
      () => `/incidents/${incident}`,
      {
        title: 'Same',
        description: null,
        status: 'resolved',
        priority: 'high',
        tags: ['a', 'b'],
        incident_metadata: json,
      },
    ],
    ['an incident’s assignee', () => `/incidents/${incident}`, { assigned_to: null }],
    [
      'an agent configuration',
      () => `/agent-configs/${config}`,
      {
        name: 'Same',
        description: 'Same',
        agent_type: 'analysis',
        is_active: false,
        config: json,
        execution_timeout_seconds: 5,
        max_retries: 0,
        triggers: [json],
        conditions: json,
        tags: [],
        config_metadata: {},
      },
    ],
    [
      'a team',
      () => `/teams/${tenant.teamId}`,
      { name: 'Same', description: null, permissions: json, is_active: true },
    ],
    [
      'a user',
      () => `/users/${user}`,
      { full_name: 'Same', avatar_url: null, preferences: json, role: 'admin', is_active: true },
    ],
    [
      'an organization',
      () => `/organizations/${tenant.orgId}`,
      { description: 'Same', max_teams: 9, max_users_per_team: 40 },
    ],
    ['a member', () => `/teams/${tenant.teamId}/members/${user}`, { role: 'member' }],
  ];
  test.each(cases)(
    'of %s leaves no trace and answers what is there, with its ETag',
    async (_, pathOf, fields) => {
      const first = await client.put(pathOf(), fields);
      expect([first.status, first.body]).toEqual([200, expect.objectContaining(fields)]);
      const before = await traces();
      const etag = first.headers.get('etag');
      const again = await client.put(
        pathOf(),
        fields,
        etag === null ? {} : { headers: { 'if-match': etag } },
      );
      expect([again.status, again.body, again.headers.get('etag')]).toEqual([200, first.body, etag]);
      expect(await traces()).toEqual(before);
      expect(await auditOf(app.superuser, again)).toEqual([]);
    },
  );

  test.each([
    ['an incident', () => `/incidents/${incident}`, { title: 'Same' }],
    ['an agent configuration', () => `/agent-configs/${config}`, { name: 'Same' }],
  ])('of %s is refused where If-Match is stale', async (_, pathOf, fields) => {
    await client.put(pathOf(), fields);
    const stale = await client.put(pathOf(), fields, { headers: { 'if-match': '"1"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition.stale']);
  });

  test('is none where a field is given another value beside those that stay', async () => {
    const { body: before } = await client.get(`/incidents/${incident}`);
    const { title, incident_metadata } = before;
    const reply = await client.put(`/incidents/${incident}`, {
      title,
      incident_metadata,
      priority: 'critical',
    });
    expect(reply.body).toMatchObject({ title, priority: 'critical', version: before.version + 1 });
    expect(await auditOf(app.superuser, reply)).toHaveLength(1);
  });

  test('is none where a password is given: it is another hash each time', async () => {
    const { body } = await client.put(`/users/${user}`, { password });
    const again = await client.put(`/users/${user}`, { password });
    expect(Date.parse(again.body.updated_at)).toBeGreaterThan(Date.parse(body.updated_at));
    expect(await auditOf(app.superuser, again)).toMatchObject([{ action: 'user.updated' }]);
  });
});
