import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { newTenant, type Person, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const rowOf = async (id: string) =>
  (await app.superuser.query('select * from users where id = $1', [id])).rows[0];
const refusal = ({ status, body }: Reply) => [
  status,
  body.code,
  body.errors?.map(({ pointer }: { pointer: string }) => pointer),
];
/** What only the operator of the service can do. */
const setOrganizationRole = (person: Person, role: 'admin' | 'owner') =>
  app.superuser.query('update organization_memberships set role = $2 where user_id = $1', [person.id, role]);

describe('who may set which field', () => {
  const values = {
    full_name: () => 'Changed',
    avatar_url: () => 'https://example.com/changed.png',
    preferences: () => ({ changed: true }),
    email: () => `${unique('changed')}@example.com`,
    username: () => unique('changed'),
    role: () => 'viewer',
    is_active: () => false,
    is_verified: () => true,
    // @NOTE last: it ends the sessions of whoever sets their own.
    password: () => 'another long passphrase',
  };
  const profile = ['full_name', 'avatar_url', 'preferences'];

  const callers = {
    'the owner of the organization': async (tenant: Tenant) => tenant.owner,
    'an admin of the organization': async (tenant: Tenant) => {
      const admin = await tenant.person('viewer', await tenant.team());
      await setOrganizationRole(admin, 'admin');
      return admin;
    },
    'an admin of the team': (tenant: Tenant) => tenant.person('admin'),
    'an admin of another team': async (tenant: Tenant) => tenant.person('admin', await tenant.team()),
    'a colleague in the team': (tenant: Tenant) => tenant.person('member'),
  };

  test.each([
    ['the owner of the organization', Object.keys(values), []],
    ['an admin of the organization', Object.keys(values), []],
    [
      'an admin of the team',
      [...profile, 'role', 'is_active'],
      ['email', 'username', 'password', 'is_verified'],
    ],
    ['an admin of another team', [], []],
    ['a colleague in the team', [], []],
  ] as const)('of another user: %s', async (who, allowed, forbidden) => {
    const tenant = await newTenant(app);
    const target = await tenant.person('member');
    const { client } = await callers[who](tenant);
    for (const [field, value] of Object.entries(values)) {
      const before = await rowOf(target.id);
      const reply = await client.put(`/users/${target.id}`, { [field]: value() });
      if ((allowed as readonly string[]).includes(field)) {
        expect([field, reply.status]).toEqual([field, 200]);
      } else {
        const isOfField = (forbidden as readonly string[]).includes(field);
        const expected = isOfField ? ['user.field_forbidden', [`/${field}`]] : ['auth.forbidden', undefined];
        expect([field, ...refusal(reply)]).toEqual([field, 403, ...expected]);
        expect(await rowOf(target.id)).toEqual(before);
      }
    }
  });

  test.each(['viewer', 'member', 'admin'] as const)('of oneself, as a %s of the team', async (role) => {
    const tenant = await newTenant(app);
    const oneself = await tenant.person(role);
    for (const [field, value] of Object.entries(values)) {
      const reply = await oneself.client.put(`/users/${oneself.id}`, { [field]: value() });
      const isForbidden = ['role', 'is_active', 'is_verified'].includes(field);
      expect([field, ...refusal(reply)]).toEqual(
        isForbidden
          ? [field, 403, 'user.field_forbidden', [`/${field}`]]
          : [field, 200, undefined, undefined],
      );
    }
  });

  test('a forbidden field refuses the others with it', async () => {
    const tenant = await newTenant(app);
    const member = await tenant.person('member');
    const reply = await member.client.put(`/users/${member.id}`, {
      full_name: 'Root',
      role: 'admin',
      is_verified: true,
    });
    expect(refusal(reply)).toEqual([403, 'user.field_forbidden', ['/role', '/is_verified']]);
    expect(await rowOf(member.id)).toMatchObject({ full_name: null, is_verified: false });
  });

  test('the owner is nobody’s to change but the owner’s', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin');
    for (const fields of [{ full_name: 'x' }, { is_active: false }, { role: 'viewer' }]) {
      const asTeamAdmin = await admin.client.put(`/users/${tenant.owner.id}`, fields);
      expect(refusal(asTeamAdmin)).toEqual([403, 'auth.forbidden', undefined]);
    }
    await setOrganizationRole(admin, 'admin');
    for (const fields of [{ full_name: 'x' }, { password: 'another long passphrase' }, { role: 'viewer' }]) {
      const asOrganizationAdmin = await admin.client.put(`/users/${tenant.owner.id}`, fields);
      expect(refusal(asOrganizationAdmin)).toEqual([403, 'auth.forbidden', undefined]);
    }
  });
});

describe('those who cannot be spared', () => {
  test('the last admin of a team can be neither demoted nor deactivated', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin', await tenant.team());
    for (const fields of [{ role: 'member' }, { is_active: false }]) {
      const reply = await tenant.owner.client.put(`/users/${admin.id}`, fields);
      expect([reply.status, reply.body.code]).toEqual([400, 'team.last_admin']);
    }
    expect((await tenant.owner.client.get(`/users/${admin.id}`)).body).toMatchObject({
      role: 'admin',
      is_active: true,
    });
  });

  test('of two owners who deactivate each other at once, one stays', async () => {
    const { orgId, owner, person } = await newTenant(app);
    const second = await person('admin');
    await setOrganizationRole(second, 'owner');
    const replies = await Promise.all([
      owner.client.put(`/users/${second.id}`, { is_active: false }),
      second.client.put(`/users/${owner.id}`, { is_active: false }),
    ]);
    const codes = replies.map(({ body }) => body.code).filter((code) => code !== undefined);
    expect(['organization.last_owner', 'auth.unauthenticated']).toContain(codes.join());
    const { rows } = await app.superuser.query('select id from users where org_id = $1 and is_active', [
      orgId,
    ]);
    expect(rows).toHaveLength(1);
  });

  test('a role needs a team to be held in', async () => {
    const tenant = await newTenant(app);
    const member = await tenant.person('member');
    await tenant.owner.client.delete(`/teams/${tenant.teamId}/members/${member.id}`);
    const reply = await tenant.owner.client.put(`/users/${member.id}`, { role: 'admin' });
    expect(refusal(reply)).toEqual([422, 'request.invalid', ['/role']]);
  });
});
