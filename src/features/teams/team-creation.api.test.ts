import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { RequestOptions } from '../../../test/harness/client.ts';
import { newTenant, type Person, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const create = (
  { orgId, owner }: Tenant,
  fields: object = {},
  by: Person = owner,
  options?: RequestOptions,
) => by.client.post(`/organizations/${orgId}/teams`, { name: unique('Team'), ...fields }, options);
const withKey = (key: string): RequestOptions => ({ headers: { 'idempotency-key': key } });
const countIn = async (orgId: string): Promise<number> =>
  (await app.superuser.query('select count(*)::int as n from teams where org_id = $1', [orgId])).rows[0].n;
/** A member whom the operator made an admin of the organization. */
async function organizationAdmin(tenant: Tenant): Promise<Person> {
  const person = await tenant.person('member');
  await setOrganizationRole(person, 'admin');
  return person;
}
const setOrganizationRole = (person: Person, role: string) =>
  app.superuser.query('update organization_memberships set role = $2 where user_id = $1', [person.id, role]);

describe('a team', () => {
  test('is made in the organization, by its owner', async () => {
    const tenant = await newTenant(app);
    const { orgId, owner } = tenant;
    const reply = await create(tenant, { name: 'Payments', organization_id: orgId });
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        org_id: orgId,
        organization_id: orgId,
        name: 'Payments',
        slug: 'payments',
        description: null,
        is_active: true,
        permissions: {},
        created_by: owner.id,
        updated_by: owner.id,
        created_at: expect.stringMatching(/Z$/),
        updated_at: reply.body.created_at,
      },
    ]);
    const { rows } = await app.superuser.query('select org_id, name, slug from teams where id = $1', [
      reply.body.id,
    ]);
    expect(rows).toEqual([{ org_id: orgId, name: 'Payments', slug: 'payments' }]);
    expect(await auditOf(app.superuser, reply)).toMatchObject([
      {
        action: 'team.created',
        actor_id: owner.id,
        resource_id: reply.body.id,
        team_id: reply.body.id,
        before: null,
        after: reply.body,
        address: '127.0.0.1',
      },
    ]);
  });

  test('takes the fields that are given', async () => {
    const given = { slug: 'sre-1', description: 'SRE', is_active: false, permissions: { deploy: true } };
    const reply = await create(await newTenant(app), given);
    expect([reply.status, reply.body]).toMatchObject([200, given]);
  });

  test('can be made by an admin of the organization, and by nobody with less', async () => {
    const tenant = await newTenant(app);
    for (const role of ['viewer', 'member', 'admin'] as const) {
      const refused = await create(tenant, {}, await tenant.person(role));
      expect([refused.status, refused.body.code]).toEqual([403, 'auth.forbidden']);
    }
    const [stranger, admin] = [(await newTenant(app)).owner, await organizationAdmin(tenant)];
    expect((await create(tenant, {}, stranger)).status).toBe(403);
    expect(await countIn(tenant.orgId)).toBe(1);
    expect((await create(tenant, {}, admin)).status).toBe(200);
  });
});

describe('a name', () => {
  test.each([
    ['日本語', /^team-[0-9a-f]{10}$/],
    ['---', /^team-[0-9a-f]{10}$/],
    ['🚒', /^team-[0-9a-f]{10}$/],
    ['Ünïcode  Ops', /^unicode-ops$/],
    ['x'.repeat(255), /^x{100}$/],
  ])('in any script gives a valid slug: %s', async (name, slug) => {
    const reply = await create(await newTenant(app), { name });
    expect([reply.status, reply.body.name, reply.body.slug]).toEqual([
      200,
      name,
      expect.stringMatching(slug),
    ]);
  });

  test('that reads like another one gives another slug', async () => {
    const tenant = await newTenant(app);
    const slugs = [];
    for (const name of ['Blue Team', 'blue team', 'Blue-Team!']) {
      slugs.push((await create(tenant, { name })).body.slug);
    }
    expect(slugs[0]).toBe('blue-team');
    expect(slugs.slice(1)).toEqual([
      expect.stringMatching(/^blue-team-[0-9a-f]{10}$/),
      expect.stringMatching(/^blue-team-[0-9a-f]{10}$/),
    ]);
    expect(slugs[1]).not.toBe(slugs[2]);
  });

  test.each([
    ['name', 'team.name_taken', { name: 'Platform' }],
    ['slug', 'team.slug_taken', { slug: 'platform' }],
  ])('or slug that is taken in the organization is refused: %s', async (_, code, fields) => {
    const tenant = await newTenant(app);
    const reply = await create(tenant, fields);
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(reply.body.detail).toContain('already exists');
    expect(await countIn(tenant.orgId)).toBe(1);
  });

  test('that another organization’s team has is free', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const fields = { name: 'Payments', slug: 'pay' };
    expect((await create(theirs, fields)).status).toBe(200);
    expect((await create(mine, fields)).status).toBe(200);
  });
});

test('there are no more teams than max_teams, active or not', async () => {
  const tenant = await newTenant(app);
  await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { max_teams: 3 });
  await create(tenant);
  await create(tenant, { is_active: false });
  const reply = await create(tenant);
  expect([reply.status, reply.body.code]).toEqual([409, 'organization.team_limit_reached']);
  expect(await countIn(tenant.orgId)).toBe(3);
});

test.each([
  ['no name', { name: undefined }, '/name'],
  ['a name of 256 characters', { name: 'x'.repeat(256) }, '/name'],
  ['a slug that is none', { slug: 'Pay ments' }, '/slug'],
  ['permissions that are no object', { permissions: 'all' }, '/permissions'],
  ['a field of the reply', { updated_by: randomUUID() }, '/updated_by'],
])('with %s there is none, and the field is named', async (_, fields, pointer) => {
  const reply = await create(await newTenant(app), fields);
  expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer }]]);
});

test('an organization in the body that is not the path’s is refused', async () => {
  const [mine, theirs] = [await newTenant(app), await newTenant(app)];
  const reply = await create(mine, { organization_id: theirs.orgId });
  expect([reply.status, reply.body.code]).toEqual([422, 'request.path_mismatch']);
  expect(reply.body.errors).toMatchObject([{ pointer: '/organization_id' }]);
  expect(await countIn(theirs.orgId)).toBe(1);
});

describe('an Idempotency-Key', () => {
  test('gives the same reply again, once made', async () => {
    const tenant = await newTenant(app);
    const first = await create(tenant, { name: 'Once' }, tenant.owner, withKey('k-1'));
    const again = await create(tenant, { name: 'Once' }, tenant.owner, withKey('k-1'));
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([
      200,
      'true',
      first.body,
    ]);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(await countIn(tenant.orgId)).toBe(2);
  });

  test('stands for one payload', async () => {
    const tenant = await newTenant(app);
    await create(tenant, { name: 'Once' }, tenant.owner, withKey('k-1'));
    const other = await create(tenant, { name: 'Twice' }, tenant.owner, withKey('k-1'));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
    expect(await countIn(tenant.orgId)).toBe(2);
  });

  test('is its principal’s own', async () => {
    const tenant = await newTenant(app);
    const admin = await organizationAdmin(tenant);
    const first = await create(tenant, { name: 'One' }, tenant.owner, withKey('k-1'));
    const second = await create(tenant, { name: 'Two' }, admin, withKey('k-1'));
    expect([second.status, second.body.name]).toEqual([200, 'Two']);
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('gives nothing to who was demoted since', async () => {
    const tenant = await newTenant(app);
    const admin = await organizationAdmin(tenant);
    expect((await create(tenant, { name: 'Once' }, admin, withKey('k-1'))).status).toBe(200);
    await setOrganizationRole(admin, 'member');
    const again = await create(tenant, { name: 'Once' }, admin, withKey('k-1'));
    expect([again.status, again.body.code]).toEqual([403, 'auth.forbidden']);
    expect(again.headers.get('idempotency-replayed')).toBeNull();
  });
});
