import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
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

/** What SCIM tells everybody of itself. */
const ofNobody = { resource_type: 'User', schema: 'urn:ietf:params:scim:schemas:core:2.0:User' } as const;

export async function newWorld(app: TestApp): Promise<World> {
  const tenant = await newTenant(app);
  const { owner, teamId } = tenant;
  const member = await tenant.person('member');
  const incident = ok(await owner.client.post(`/teams/${teamId}/incidents`, { title: 'Ours' }));
  const config = ok(
    await owner.client.post(`/teams/${teamId}/agent-configs`, { name: 'Ours', agent_type: 'custom' }),
  );
  ok(await owner.client.put(`/agent-configs/${config.id}`, { description: 'second version' }));
  const proposal = ok(
    await owner.client.post(`/agent-configs/${config.id}/proposals`, {
      base_version: 2,
      change: { max_retries: 5 },
      reason: 'Ours',
    }),
  );
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
  const configuration = ok(
    await owner.client.post(`/organizations/${tenant.orgId}/configs`, {
      name: 'Ours',
      layer: 'organization',
      config: { model: 'large' },
    }),
  );
  ok(await owner.client.put(`/configs/${configuration.id}`, { description: 'second version' }));
  const directory = await directoryOf(app, tenant);
  ok(await directory.send('PUT', `/scim/v2/Users/${member.id}`, { userName: member.email }));
  const inGroup = { displayName: 'Ours', members: [{ value: member.id }] };
  const group = ok(await directory.send('POST', '/scim/v2/Groups', inGroup));
  const sessions = (await owner.client.get('/auth/sessions')).body;
  const key = await keyOf(app.superuser, {
    orgId: tenant.orgId,
    userId: owner.id,
    scopes: ['organization:read'],
    teamIds: [teamId],
  });
  // @NOTE a person's: nobody else finds it.
  const passkeyId = randomUUID();
  await app.superuser.query(
    `insert into passkeys (user_id, id, credential_id, public_key, counter, transports, name)
     values ($1, $2, uuid_send($2), '', 0, '{}', 'Theirs')`,
    [member.id, passkeyId],
  );
  return {
    tenant,
    ids: {
      org_id: tenant.orgId,
      team_id: teamId,
      user_id: member.id,
      incident_id: incident.id,
      config_id: config.id,
      configuration_id: configuration.id,
      proposal_id: proposal.id,
      stats_id: stat.id,
      session_id: sessions.items[0]?.id ?? '',
      key_id: key.id,
      invitation_id: invitation.id,
      mapping_id: mapping.id,
      group_id: group.id,
      ...ofNobody,
      passkey_id: passkeyId,
      version: '1',
      provider: 'none',
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
  configuration_id: randomUUID(),
  proposal_id: randomUUID(),
  stats_id: randomUUID(),
  session_id: randomUUID(),
  key_id: randomUUID(),
  invitation_id: randomUUID(),
  mapping_id: randomUUID(),
  group_id: randomUUID(),
  ...ofNobody,
  passkey_id: randomUUID(),
  version: '1',
  provider: 'none',
});

/** What SCIM calls `id`, by what stands before it. */
const idsOfScim: Readonly<Record<string, string>> = {
  Users: 'user_id',
  Groups: 'group_id',
  ResourceTypes: 'resource_type',
  Schemas: 'schema',
};

/** What a world calls a parameter of a path. */
export const idNameOf = (url: string, name: string): string =>
  name === 'id' ? (idsOfScim[url.split('/').at(-2) ?? ''] ?? name) : name;

/** The path of a route with ids filled in: under /api/v1, or with the prefix of its dialect. */
export const pathOf = (
  { url, dialect }: { readonly url: string; readonly dialect?: { readonly prefix: string } },
  ids: Readonly<Record<string, string>>,
): string =>
  `${dialect?.prefix ?? ''}${url}`.replace(/:(\w+)/g, (_, name: string) => {
    const id = ids[idNameOf(url, name)];
    if (id === undefined) {
      throw new Error(
        `${url} names ${name}, which no world of a test has: make one in newWorld() of test/harness/world.ts, and add it to absentIds()`,
      );
    }
    return id;
  });

/** A valid body for a route: its example, with ids of the world and names of its own. */
export function bodyOf(
  { example }: { readonly example?: unknown },
  ids: Readonly<Record<string, string>>,
  strangerId?: string,
): object | undefined {
  if (example === undefined) {
    return undefined;
  }
  const tail = randomUUID().slice(0, 8);
  const body: Record<string, unknown> = { ...(example as Record<string, unknown>) };
  for (const name of ['name', 'username', 'slug', 'idempotency_key', 'organization_name', 'external_group']) {
    if (typeof body[name] === 'string') {
      body[name] = `${body[name]}-${tail}`;
    }
  }
  for (const name of ['userName', 'displayName', 'externalId']) {
    if (typeof body[name] === 'string') {
      body[name] = `${tail}-${body[name]}`;
    }
  }
  if (Array.isArray(body['emails'])) {
    body['emails'] = [{ value: `${tail}@example.com`, primary: true }];
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
  if (body['code'] !== undefined && ids['code'] !== undefined) {
    body['code'] = ids['code'];
  }
  if (body['credential'] !== undefined && ids['credential'] !== undefined) {
    body['credential'] = JSON.parse(ids['credential']);
  }
  if (body['team_ids'] !== undefined) {
    body['team_ids'] = [ids['team_id']];
  }
  if (body['user_id'] !== undefined) {
    body['user_id'] = strangerId ?? ids['user_id'];
  }
  return body;
}

/** Written by themselves, or of a person and no organization's: sessions, mails, what is made of other rows. */
const ofNoChange = [
  'sessions',
  'mails',
  'mail_tokens',
  'audit_links',
  'audit_chains',
  'search_entries',
  'search_backlog',
];

/** Every row of an organization, as text, whichever tables there are: what must not change when somebody else is at work. */
export async function rowsOf(app: TestApp, orgId: string): Promise<string> {
  const { rows: tables } = await app.superuser.query<{ name: string; key: string }>(
    `select c.relname as name, a.attname as key from pg_class c join pg_attribute a on a.attrelid = c.oid
       and a.attname = case c.relname when 'organizations' then 'id' else 'org_id' end
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all($1) order by 1`,
    [ofNoChange],
  );
  // @NOTE when a key was used last, and what was refused, is written by itself, after the fact.
  const texts = tables.map(
    ({ name, key }) => `select '${name}' as name, string_agg(row, e'\\n' order by row) as text
      from (select (to_jsonb(t) - '{last_used_at,last_used_address}'::text[])::text as row from ${name} t
            where ${key} = $1 and to_jsonb(t) ->> 'action' is distinct from 'access.refused') rows`,
  );
  const { rows } = await app.superuser.query<{ name: string; text: string | null }>(
    texts.join(' union all '),
    [orgId],
  );
  return rows.map(({ name, text }) => `${name}\n${text ?? ''}`).join('\n');
}
