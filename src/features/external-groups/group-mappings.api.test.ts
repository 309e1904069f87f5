import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Person, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { Database } from '../../platform/database/database.ts';
import { createPool } from '../../platform/database/pool.ts';
import { type GroupSource, setExternalGroups } from './external-groups.ts';

let app: TestApp;
let pool: pg.Pool;
let tenant: Tenant;
let teamId: string;
let person: Person;
let group: string;

beforeAll(async () => {
  app = await startApp();
  pool = createPool({
    dsn: inject('databases').service,
    sizeMin: 0,
    sizeMax: 4,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await pool.end();
});
beforeEach(async () => {
  tenant = await newTenant(app);
  person = await tenant.person('viewer');
  teamId = await tenant.team();
  group = unique('group');
});

const path = (): string => `/organizations/${tenant.orgId}/group-mappings`;
const map = async (external_group: string, role = 'member', team_id = teamId) => {
  const reply = await tenant.owner.client.post(path(), { external_group, team_id, role });
  expect(reply.status).toBe(201);
  return reply.body;
};
/** As a login or a directory does. */
const say = async (
  groups: readonly string[],
  source: GroupSource = 'oidc:default',
  who = person,
  isComplete = true,
) => {
  const actor = { userId: who.id, requestId: null, address: '192.0.2.1' };
  const { orgId } = tenant;
  await changeBy(new Database({ pool }), actor, orgId, (tx, record) =>
    setExternalGroups(tx, record, { orgId, userId: who.id, source, groups, isComplete, by: who.id }),
  );
};
const role = async (who = person): Promise<string | undefined> => {
  const { rows } = await app.superuser.query(
    'select role from team_memberships where team_id = $1 and user_id = $2',
    [teamId, who.id],
  );
  return rows[0]?.role;
};
const trail = async (resourceId: string): Promise<string[]> => {
  const { rows } = await app.superuser.query(
    'select action from audit_events where org_id = $1 and resource_id = $2 order by occurred_at',
    [tenant.orgId, resourceId],
  );
  return rows.map(({ action }) => action);
};

test('a mapping is made, read, listed, changed and deleted, and a second one for the same group and team refused', async () => {
  const made = await map(group);
  const { client } = tenant.owner;
  expect(made).toMatchObject({
    external_group: group,
    team_id: teamId,
    role: 'member',
    created_by: tenant.owner.id,
  });
  expect((await client.get(`${path()}/${made.id}`)).body).toEqual(made);
  expect((await client.get(path())).body.items[0]).toEqual(made);
  const twice = await client.post(path(), { external_group: group, team_id: teamId });
  expect([twice.status, twice.body.code]).toEqual([409, 'group_mapping.exists']);
  const changed = await client.put(`${path()}/${made.id}`, { role: 'admin' });
  expect([changed.status, changed.body.role]).toEqual([200, 'admin']);
  expect((await client.delete(`${path()}/${made.id}`)).status).toBe(204);
  const gone = await client.get(`${path()}/${made.id}`);
  expect([gone.status, gone.body.code]).toEqual([404, 'group_mapping.not_found']);
  expect(await trail(made.id)).toEqual([
    'group_mapping.created',
    'group_mapping.updated',
    'group_mapping.deleted',
  ]);
});

test('no mapping makes an owner, nor names a team of another organization', async () => {
  const { client } = tenant.owner;
  const owner = await client.post(path(), { external_group: group, team_id: teamId, role: 'owner' });
  expect([owner.status, owner.body.errors]).toMatchObject([422, [{ pointer: '/role' }]]);
  const other = await newTenant(app);
  const foreign = await client.post(path(), { external_group: group, team_id: other.teamId });
  expect([foreign.status, foreign.body.code]).toEqual([404, 'team.not_found']);
});

test('a group gives a role as soon as both are known, the highest of several, and takes it back', async () => {
  const [more, less] = [unique('more'), unique('less')];
  await say([more, less, 'not mapped']);
  expect(await role()).toBeUndefined();
  const { id } = await map(more, 'admin');
  expect(await role()).toBe('admin');
  await map(less, 'viewer');
  expect(await role()).toBe('admin');
  await say([less]);
  expect(await role()).toBe('viewer');
  await say([more, less]);
  expect(await role()).toBe('admin');
  expect((await tenant.owner.client.delete(`${path()}/${id}`)).status).toBe(204);
  expect(await role()).toBe('viewer');
  await say([]);
  expect(await role()).toBeUndefined();
  expect(await trail(teamId)).toEqual([
    'team.created',
    'team.member_added',
    'team.member_updated',
    'team.member_updated',
    'team.member_updated',
    'team.member_removed',
  ]);
  expect((await trail(person.id)).filter((action) => action === 'user.external_groups_changed')).toHaveLength(
    4,
  );
});

test('what one source says leaves what another one said', async () => {
  await map(group);
  await say([group], 'scim');
  await say([group]);
  await say([]);
  expect(await role()).toBe('member');
  await say([], 'scim');
  expect(await role()).toBeUndefined();
});

test('a list that may be cut adds, and takes nothing', async () => {
  const other = unique('other');
  await map(group);
  await say([group]);
  await say([other], 'oidc:default', person, false);
  expect(await role()).toBe('member');
  await map(other, 'admin');
  expect(await role()).toBe('admin');
  await say([], 'oidc:default', person, false);
  expect(await role()).toBe('admin');
});

test('what was given by hand stays, whatever the groups', async () => {
  await map(group, 'admin');
  const added = await tenant.owner.client.post(`/teams/${teamId}/members`, {
    user_id: person.id,
    role: 'viewer',
  });
  expect(added.status).toBe(200);
  await say([group]);
  expect(await role()).toBe('viewer');
  await say([]);
  expect(await role()).toBe('viewer');
});

test('another role that was given by hand stays; whoever is taken out by hand comes back with the next login', async () => {
  await map(group);
  await say([group]);
  const member = `/teams/${teamId}/members/${person.id}`;
  expect((await tenant.owner.client.put(member, { role: 'admin' })).status).toBe(200);
  await say([]);
  expect(await role()).toBe('admin');
  const other = await tenant.person('viewer');
  await say([group], 'scim', other);
  expect((await tenant.owner.client.delete(`/teams/${teamId}/members/${other.id}`)).status).toBe(200);
  expect(await role(other)).toBeUndefined();
  await say([group], 'scim', other);
  expect(await role(other)).toBe('member');
});

test('a group takes the last admin of a team, and nothing of who owns the organization', async () => {
  await map(group, 'admin');
  const { owner } = tenant;
  await say([group], 'oidc:default', owner);
  expect(await role(owner)).toBe('admin');
  await say([], 'oidc:default', owner);
  expect(await role(owner)).toBeUndefined();
  const { rows } = await app.superuser.query(
    'select role from organization_memberships where org_id = $1 and user_id = $2',
    [tenant.orgId, owner.id],
  );
  expect(rows).toEqual([{ role: 'owner' }]);
});

test('a full team takes nobody, and the next time whoever has room', async () => {
  await map(group);
  const limit = (most: number) =>
    app.superuser.query('update organizations set max_users_per_team = $2 where id = $1', [
      tenant.orgId,
      most,
    ]);
  const other = await tenant.person('viewer');
  await limit(1);
  await say([group]);
  await say([group], 'oidc:default', other);
  expect([await role(), await role(other)]).toEqual(['member', undefined]);
  await limit(50);
  await say([group], 'oidc:default', other);
  expect(await role(other)).toBe('member');
});

test('an inactive team takes nobody, and lets everybody out', async () => {
  await map(group);
  await say([group]);
  const { client } = tenant.owner;
  expect((await client.put(`/teams/${teamId}`, { is_active: false })).status).toBe(200);
  const other = await tenant.person('viewer');
  await say([group], 'oidc:default', other);
  await say([]);
  expect([await role(), await role(other)]).toEqual([undefined, undefined]);
});

test('a team goes with its mappings; whoever leaves loses their groups', async () => {
  const { id } = await map(group);
  await say([group]);
  const { client } = tenant.owner;
  expect((await client.delete(`/teams/${teamId}`)).status).toBe(204);
  expect((await client.get(`${path()}/${id}`)).status).toBe(404);
  await person.client.post('/organizations', { name: unique('Elsewhere') });
  expect((await client.delete(`/users/${person.id}`)).status).toBe(200);
  const { rows } = await app.superuser.query(
    'select from external_group_members where org_id = $1 and user_id = $2',
    [tenant.orgId, person.id],
  );
  expect(rows).toEqual([]);
});

test('many logins at once give a role once', async () => {
  await map(group);
  await Promise.all(['a', 'b', 'c', 'd'].map((other) => say([group, other], `oidc:${other}`)));
  expect(await role()).toBe('member');
  expect((await trail(teamId)).filter((action) => action === 'team.member_added')).toHaveLength(1);
});
