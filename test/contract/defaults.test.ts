import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../src/platform/http/route.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant, signupBody, type Tenant, unique } from '../harness/tenant.ts';
import { newWorld, pathOf, type World } from '../harness/world.ts';

interface Field {
  readonly default?: unknown;
}

let app: TestApp;
let world: World;

beforeAll(async () => {
  app = await startApp();
  world = await newWorld(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** For each operation that makes something, a body of no more than what is needed. */
const least: Readonly<Record<string, (tenant: Tenant) => object>> = {
  createApiKey: () => ({ name: 'Least', scopes: ['incidents:read'] }),
  createAgentConfig: () => ({ name: unique('Agent'), agent_type: 'custom' }),
  createConfig: () => ({ name: unique('Config'), layer: 'organization' }),
  createIncident: () => ({ title: 'Least' }),
  createGroupMapping: ({ teamId }) => ({ external_group: unique('group'), team_id: teamId }),
  createInvitation: ({ teamId }) => ({ email: `${unique('i')}@example.com`, team_id: teamId }),
  createOrganization: () => ({ name: unique('Org') }),
  createServiceAccount: ({ teamId }) => ({ name: 'Least', team_id: teamId }),
  createStat: () => ({ metric_name: 'least', metric_type: 'gauge', value: 1 }),
  createTeam: () => ({ name: unique('Team') }),
  createUser: ({ teamId }) => ({
    email: `${unique('u')}@example.com`,
    username: unique('u'),
    team_id: teamId,
  }),
};

/** Fields of which something else than a value is said where they are left out. */
const withoutDefault: Readonly<Record<string, readonly string[]>> = {
  createApiKey: ['expires_at', 'service_account_id'],
  createAgentConfig: ['organization_id', 'team_id'],
  createIncident: ['organization_id', 'team_id'],
  createOrganization: ['slug'],
  createStat: ['timestamp', 'organization_id', 'team_id'],
  createTeam: ['slug', 'organization_id'],
  createUser: ['password', 'organization_id'],
};

const fieldsOf = (schema: unknown): Readonly<Record<string, Field>> =>
  (schema as { properties?: Record<string, Field> } | undefined)?.properties ?? {};
const defaultsOf = (schema: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fieldsOf(schema)).flatMap(([name, field]) =>
      'default' in field ? [[name, field.default]] : [],
    ),
  );
const routeOf = (operationId: string): Route =>
  app.app.routes.find((route) => route.operationId === operationId) as Route;

describe('a field that is left out', () => {
  test('has its default stated wherever something is made with one', () => {
    const stating = app.app.routes.filter(({ body }) => Object.keys(defaultsOf(body)).length > 0);
    expect(stating.map(({ operationId }) => operationId).sort()).toEqual(
      [...Object.keys(least), 'signup', 'rotateApiKey'].sort(),
    );
  });

  test.each(Object.entries(least))('is by %s what the document says', async (operationId, body) => {
    const route = routeOf(operationId);
    const { required = [] } = route.body as unknown as { required?: string[] };
    const stated = defaultsOf(route.body);
    const optional = Object.keys(fieldsOf(route.body)).filter((name) => !required.includes(name));
    expect([...Object.keys(stated), ...(withoutDefault[operationId] ?? [])].sort()).toEqual(optional.sort());

    const { tenant, ids } = world;
    const reply = await tenant.owner.client.post(pathOf(route, ids), body(tenant));
    expect(reply.status).toBe(route.status);
    expect(reply.body).toMatchObject(stated);
  });

  test('is by rotateApiKey what the document says', async () => {
    const { owner, orgId } = world.tenant;
    const made = await owner.client.post(
      `/organizations/${orgId}/api-keys`,
      least['createApiKey']?.(world.tenant),
    );
    await owner.client.post(`/api-keys/${made.body.id}/rotate`, {});
    const before = await app.clientOf(made.body.key).get('/auth/me');
    expect([defaultsOf(routeOf('rotateApiKey').body), before.status]).toEqual([{ overlap_seconds: 0 }, 401]);
  });

  test('is by signup what the document says', async () => {
    const signup = await app.anonymous.post('/auth/signup', signupBody());
    const me = await app.clientOf(signup.body.access_token).get('/auth/me');
    expect(me.body).toMatchObject(defaultsOf(routeOf('signup').body));
  });

  test('is not told from its default, though it may be forbidden: nothing is filled in', async () => {
    const { teamId, person } = world.tenant;
    const member = await person('member');
    const own = await member.client.put(`/users/${member.id}`, { full_name: 'Ada' });
    expect(own.body).toMatchObject({ full_name: 'Ada', is_active: true, role: 'member', team_id: teamId });
    const { client } = world.tenant.owner;
    const made = await client.post(`/teams/${teamId}/incidents`, {
      title: 'Kept',
      priority: 'critical',
      tags: ['a'],
    });
    const updated = await client.put(`/incidents/${made.body.id}`, { title: 'Kept still' });
    expect(updated.body).toMatchObject({ priority: 'critical', tags: ['a'], status: 'open' });
  });
});

test('a query parameter that is left out is what the document says', async () => {
  const tenant = await newTenant(app);
  const { client } = tenant.owner;
  await Promise.all(Array.from({ length: 21 }, (_, n) => tenant.incident({ title: `Incident ${n}` })));
  const ids = { org_id: tenant.orgId, team_id: tenant.teamId };
  for (const operationId of ['listIncidents', 'listOrganizationIncidents']) {
    const route = routeOf(operationId);
    const stated = Object.entries(defaultsOf(route.query)).map(([name, value]) => `${name}=${value}`);
    expect(stated).toEqual(expect.arrayContaining(['limit=20', 'include_deleted=false']));
    const [without, withThem] = await Promise.all([
      client.get(pathOf(route, ids)),
      client.get(`${pathOf(route, ids)}?${stated.join('&')}`),
    ]);
    expect([without.status, without.body.items.length, without.body.has_more]).toEqual([200, 20, true]);
    expect(withThem.body).toEqual(without.body);
  }
});

test('what the v1 profile adds to a reply is in the document', async () => {
  await using eased = await startApp({
    http: { logger: app.app.http.log as never, corsOrigins: [], trustedProxies: [], compatibility: 'v1' },
  });
  const { owner, teamId } = await newTenant(eased);
  const made = await owner.client.post(`/teams/${teamId}/incidents`, { title: 'Eased', severity: 'high' });
  const refused = await owner.client.post(`/teams/${teamId}/incidents`, { title: '', severity: 'high' });
  expect([made.status, refused.status]).toEqual([200, 422]);
  for (const { headers } of [made, refused]) {
    expect(headers.get('brownie-ignored-fields')).toBe('severity');
  }
});
