import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Route } from '../../src/platform/http/route.ts';
import { keyOf } from './api-key.ts';
import type { TestApp } from './app.ts';
import type { Reply } from './client.ts';
import { directoryOf } from './directory.ts';
import { newTenant, type Tenant, unique } from './tenant.ts';

/** A tenant with one of everything that a path can name. */
export interface World {
  readonly tenant: Tenant;
  /** An id for each path parameter. */
  readonly ids: Readonly<Record<string, string>>;
}

const ok = ({ status, body }: Reply): { id: string } => {
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
};

export async function newWorld(app: TestApp): Promise<World> {
  const tenant = await newTenant(app);
  const { owner, teamId } = tenant;
  const member = await tenant.person('member');
  const incident = ok(await owner.client.post(`/teams/${teamId}/incidents`, { title: 'Ours' }));
  const config = ok(
    await owner.client.post(`/teams/${teamId}/agent-configs`, { name: 'Ours', agent_type: 'custom' }),
  );
  ok(await owner.client.put(`/agent-configs/${config.id}`, { description: 'second version' }));
  const stat = ok(
    await owner.client.post(`/teams/${teamId}/stats`, {
      metric_name: 'ours',
      metric_type: 'gauge',
      value: 1,
    }),
  );
  const invitation = ok(
    await owner.client.post(`/organizations/${tenant.orgId}/invitations`, {
      email: `${unique('invited')}@example.com`,
      team_id: teamId,
    }),
  );
  const mapping = ok(
    await owner.client.post(`/organizations/${tenant.orgId}/group-mappings`, {
      external_group: unique('group'),
      team_id: teamId,
    }),
  );
  const directory = await directoryOf(app, tenant);
  ok(await directory.send('PUT', `/scim/v2/Users/${member.id}`, { userName: member.email }));
  const sessions = (await owner.client.get('/auth/sessions')).body;
  const key = await keyOf(app.superuser, {
    orgId: tenant.orgId,
    userId: owner.id,
    scopes: ['organization:read'],
    teamIds: [teamId],
  });
  return {
    tenant,
    ids: {
      org_id: tenant.orgId,
      team_id: teamId,
      user_id: member.id,
      incident_id: incident.id,
      config_id: config.id,
      stats_id: stat.id,
      session_id: sessions.items[0]?.id ?? '',
      key_id: key.id,
      invitation_id: invitation.id,
      mapping_id: mapping.id,
      version: '1',
    },
  };
}

/** Ids of nothing. */
export const absentIds = (): Record<string, string> => ({
  org_id: randomUUID(),
  team_id: randomUUID(),
  user_id: randomUUID(),
  incident_id: randomUUID(),
  config_id: randomUUID(),
  stats_id: randomUUID(),
  session_id: randomUUID(),
  key_id: randomUUID(),
  invitation_id: randomUUID(),
  mapping_id: randomUUID(),
  version: '1',
});

/** The path of a route with ids filled in. */
export const pathOf = (route: Route, ids: Readonly<Record<string, string>>): string =>
  route.url.replace(/:(\w+)/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) {
      throw new Error(`${route.url} names ${name}, which the test's world does not have`);
    }
    return id;
  });

/** A valid body for a route: its example, with ids of the world and names of its own. */
export function bodyOf(
  route: Route,
  ids: Readonly<Record<string, string>>,
  strangerId?: string,
): object | undefined {
  if (route.example === undefined) {
    return undefined;
  }
  const tail = randomUUID().slice(0, 8);
  const body: Record<string, unknown> = { ...(route.example as Record<string, unknown>) };
  for (const name of ['name', 'username', 'slug', 'idempotency_key', 'organization_name', 'external_group']) {
    if (typeof body[name] === 'string') {
      body[name] = `${body[name]}-${tail}`;
    }
  }
  if (typeof body['email'] === 'string') {
    body['email'] = `${tail}-${body['email']}`;
  }
  if (body['team_id'] !== undefined) {
    body['team_id'] = ids['team_id'];
  }
  if (body['organization_id'] !== undefined) {
    body['organization_id'] = ids['org_id'];
  }
  if (body['token'] !== undefined && ids['token'] !== undefined) {
    body['token'] = ids['token'];
  }
  if (body['team_ids'] !== undefined) {
    body['team_ids'] = [ids['team_id']];
  }
  if (body['user_id'] !== undefined) {
    body['user_id'] = strangerId ?? ids['user_id'];
  }
  return body;
}

/** Every row of an organization, as text: what must not change when somebody else is at work. */
export async function rowsOf(app: TestApp, orgId: string): Promise<string> {
  const tables = [
    ['organizations', 'id'],
    ['users', 'org_id'],
    ['organization_memberships', 'org_id'],
    ['teams', 'org_id'],
    ['team_memberships', 'org_id'],
    ['incidents', 'org_id'],
    ['incident_events', 'org_id'],
    ['agent_configs', 'org_id'],
    ['agent_config_versions', 'org_id'],
    ['stats', 'org_id'],
    ['audit_events', 'org_id'],
    ['idempotency_keys', 'org_id'],
    ['api_keys', 'org_id'],
    ['invitations', 'org_id'],
    ['group_mappings', 'org_id'],
    ['external_group_members', 'org_id'],
    ['mapped_memberships', 'org_id'],
    ['scim_users', 'org_id'],
  ] as const;
  const texts = await Promise.all(
    tables.map(async ([table, column]) => {
      const { rows } = await app.superuser.query<{ text: string | null }>(
        // @NOTE when a key was used last, and what was refused, is written by itself, after the fact.
        `select string_agg(row, e'\\n' order by row) as text
         from (select (to_jsonb(t) - '{last_used_at,last_used_address}'::text[])::text as row from ${table} t
               where ${column} = $1 and to_jsonb(t) ->> 'action' is distinct from 'access.refused') rows`,
        [orgId],
      );
      return `${table}\n${rows[0]?.text ?? ''}`;
    }),
  );
  return texts.join('\n');
}
