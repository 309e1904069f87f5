import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const draft = ({ teamId }: Tenant, fields: object = {}) => {
  const name = unique('user');
  return { email: `${name}@example.com`, username: name, team_id: teamId, ...fields };
};
const create = (
  tenant: Tenant,
  fields: object = {},
  by = tenant.owner,
  headers: Record<string, string> = {},
) => by.client.post(`/organizations/${tenant.orgId}/users`, draft(tenant, fields), { headers });
const countIn = async (orgId: string): Promise<number> =>
  (await app.superuser.query('select count(*)::int as n from users where org_id = $1', [orgId])).rows[0].n;
const pointersOf = ({ body }: Reply): string[] => [
  ...new Set<string>(body.errors.map(({ pointer }: { pointer: string }) => pointer)),
];

describe('a user', () => {
  test('is made in a team of the organization', async () => {
    const tenant = await newTenant(app);
    const fields = {
      full_name: 'Grace Hopper',
      role: 'viewer',
      avatar_url: 'https://example.com/grace.png',
      preferences: { theme: 'dark', api_key: 'k-1' },
    };
    const shown = { ...draft(tenant), ...fields };
    const reply = await create(tenant, { ...shown, password });
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        ...shown,
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        org_id: tenant.orgId,
        organization_id: tenant.orgId,
        is_active: true,
        is_verified: false,
        is_service_account: false,
        created_by: tenant.owner.id,
        updated_by: tenant.owner.id,
        deleted_at: null,
        deleted_by: null,
        created_at: expect.stringMatching(/Z$/),
        updated_at: reply.body.created_at,
      },
    ]);
    const { rows } = await app.superuser.query(
      `select u.email, u.username, u.org_id, u.password_hash, m.role, m.team_id, t.role as team_role from users u
       join organization_memberships m on m.user_id = u.id join team_memberships t on t.user_id = u.id where u.id = $1`,
      [reply.body.id],
    );
    expect(rows).toEqual([
      {
        email: shown.email,
        username: shown.username,
        org_id: tenant.orgId,
        password_hash: expect.stringMatching(/^\$argon2id\$/),
        role: 'member',
        team_id: tenant.teamId,
        team_role: 'viewer',
      },
    ]);
    const audit = await auditOf(app.superuser, reply);
    expect(audit).toMatchObject([
      {
        action: 'user.created',
        org_id: tenant.orgId,
        actor_id: tenant.owner.id,
        resource_id: reply.body.id,
        team_id: tenant.teamId,
        before: null,
        after: { ...reply.body, preferences: { theme: 'dark', api_key: '[masked]' } },
        address: '127.0.0.1',
      },
    ]);
    for (const text of [JSON.stringify(reply.body), JSON.stringify(audit)]) {
      expect(text).not.toMatch(/argon2|a long enough passphrase|password/);
    }
  });

  test('is a member of the team where no role is given', async () => {
    const reply = await create(await newTenant(app));
    expect([reply.status, reply.body.role]).toEqual([200, 'member']);
  });

  test('can log in with the password that was given, and not without one', async () => {
    const tenant = await newTenant(app);
    const logIn = ({ body }: Reply) => app.anonymous.post('/auth/login', { email: body.email, password });
    expect((await logIn(await create(tenant, { password }))).status).toBe(200);
    expect((await logIn(await create(tenant))).status).toBe(401);
  });

  test.each([
    ['viewer', 403],
    ['member', 403],
    ['admin', 200],
  ] as const)('by a %s of the team: %i', async (role, status) => {
    const tenant = await newTenant(app);
    const person = await tenant.person(role);
    const before = await countIn(tenant.orgId);
    expect((await create(tenant, {}, person)).status).toBe(status);
    expect((await countIn(tenant.orgId)) - before).toBe(status === 200 ? 1 : 0);
  });

  test('has an address that nobody can vouch for, and an admin of a team may not try to', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin');
    const refused = await create(tenant, { is_verified: true }, admin);
    expect([refused.status, refused.body.code]).toEqual([403, 'user.field_forbidden']);
    expect(pointersOf(refused)).toEqual(['/is_verified']);
    expect(await countIn(tenant.orgId)).toBe(2);
    expect((await create(tenant, { is_verified: false }, admin)).status).toBe(200);
    expect((await create(tenant, { is_verified: true })).body).toMatchObject({ is_verified: false });
  });

  test('is not made by an admin of another team, nor by a stranger', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin', await tenant.team());
    for (const person of [admin, (await newTenant(app)).owner]) {
      const reply = await create(tenant, {}, person);
      expect([reply.status, reply.body.code]).toEqual([403, 'auth.forbidden']);
    }
  });

  test('is in a team of the organization, or is not', async () => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    for (const team_id of [theirs.teamId, randomUUID()]) {
      const reply = await create(mine, { team_id });
      expect([reply.status, reply.body.code]).toEqual([404, 'team.not_found']);
    }
    expect([await countIn(mine.orgId), await countIn(theirs.orgId)]).toEqual([1, 1]);
  });

  test('is refused past max_users_per_team; the deleted do not count', async () => {
    const tenant = await newTenant(app);
    await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { max_users_per_team: 2 });
    const { id } = (await create(tenant)).body;
    const refused = await create(tenant);
    expect([refused.status, refused.body.code]).toEqual([409, 'team.user_limit_reached']);
    expect(await countIn(tenant.orgId)).toBe(2);
    await tenant.owner.client.delete(`/users/${id}`);
    expect((await create(tenant)).status).toBe(200);
  });
});

describe('an e-mail address', () => {
  const code = ({ status, body }: Reply) => [status, body.code];

  test.each([
    ['as it is', 'ada@example.com', 'ada@example.com'],
    ['in another case', 'Ada@Example.com', 'aDA@eXAMPLE.COM'],
    ['in another case, in another script', 'Élodie.ŻÓŁW@пример.рф', 'élodie.żółw@ПРИМЕР.РФ'],
    ['in another Unicode form', 'café@example.com'.normalize('NFC'), 'café@example.com'.normalize('NFD')],
  ])('belongs to one user of one organization: %s', async (_, first, second) => {
    const [mine, theirs] = [await newTenant(app), await newTenant(app)];
    const tail = unique('').slice(1);
    expect((await create(theirs, { email: `${tail}${first}` })).status).toBe(200);
    for (const tenant of [mine, theirs]) {
      const reply = await create(tenant, { email: `${tail}${second}` });
      expect(code(reply)).toEqual([400, 'user.email_taken']);
      expect(reply.body.detail).toContain('already exists');
    }
    expect(await countIn(mine.orgId)).toBe(1);
  });

  test('comes back as it was written', async () => {
    const email = `${unique('Élodie')}@Example.com`;
    expect((await create(await newTenant(app), { email })).body.email).toBe(email);
  });

  test('of a deleted user is free', async () => {
    const tenant = await newTenant(app);
    const { id, email, username } = (await create(tenant)).body;
    await tenant.owner.client.delete(`/users/${id}`);
    expect((await create(tenant, { email, username })).status).toBe(200);
  });
});

test('a username belongs to one user, whatever its case', async () => {
  const [mine, theirs] = [await newTenant(app), await newTenant(app)];
  const username = unique('Ada_L');
  expect((await create(theirs, { username })).body.username).toBe(username);
  const reply = await create(mine, { username: username.toUpperCase() });
  expect([reply.status, reply.body.code]).toEqual([400, 'user.username_taken']);
  expect(reply.body.detail).toContain('already exists');
  expect(await countIn(mine.orgId)).toBe(1);
});

test.each([
  ['no e-mail', { email: undefined }, '/email'],
  ['an e-mail without a domain', { email: 'ada@example' }, '/email'],
  ['an e-mail with two @', { email: 'a@b@example.com' }, '/email'],
  ['a username of 2 characters', { username: 'ab' }, '/username'],
  ['a username of 101 characters', { username: 'x'.repeat(101) }, '/username'],
  ['a username with a dot', { username: 'ada.l' }, '/username'],
  ['a full name of 256 characters', { full_name: 'x'.repeat(256) }, '/full_name'],
  ['an avatar of 501 characters', { avatar_url: 'x'.repeat(501) }, '/avatar_url'],
  ['a role that is none', { role: 'owner' }, '/role'],
  ['preferences that are no object', { preferences: [] }, '/preferences'],
  ['no team', { team_id: undefined }, '/team_id'],
  ['a password that is too short', { password: 'only 14 chars.' }, '/password'],
  [
    'a password that is the user’s own name',
    { username: 'grace_hopper', password: 'GraceHopper-1906' },
    '/password',
  ],
  ['a hash', { password_hash: '$argon2id$' }, '/password_hash'],
  ['a field of the reply', { deleted_at: null }, '/deleted_at'],
])('with %s there is none, and the field is named', async (_, fields, pointer) => {
  const tenant = await newTenant(app);
  const reply = await create(tenant, fields);
  expect([reply.status, reply.body.code]).toEqual([422, 'request.invalid']);
  expect(pointersOf(reply)).toEqual([pointer]);
  expect(await countIn(tenant.orgId)).toBe(1);
});

test('an organization in the body that is not the path’s is refused', async () => {
  const [mine, theirs] = [await newTenant(app), await newTenant(app)];
  const reply = await create(mine, { organization_id: theirs.orgId });
  expect([reply.status, reply.body.code]).toEqual([422, 'request.path_mismatch']);
  expect(pointersOf(reply)).toEqual(['/organization_id']);
  expect((await create(mine, { organization_id: mine.orgId.toUpperCase() })).status).toBe(200);
});

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'k-1' };

  test('gives the same reply again, to the same principal, for the same payload', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin');
    const body = draft(tenant, { password });
    const first = await create(tenant, body, admin, key);
    const again = await create(tenant, body, admin, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([
      200,
      'true',
      first.body,
    ]);
    const other = await create(tenant, { ...body, full_name: 'Other' }, admin, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.payload_mismatch']);
    const anothers = await create(tenant, {}, tenant.owner, key);
    expect([anothers.status, anothers.headers.get('idempotency-replayed')]).toEqual([200, null]);
    expect(anothers.body.id).not.toBe(first.body.id);
    expect(await countIn(tenant.orgId)).toBe(4);
  });

  test('gives nothing to who was demoted since', async () => {
    const tenant = await newTenant(app);
    const admin = await tenant.person('admin');
    const body = draft(tenant);
    expect((await create(tenant, body, admin, key)).status).toBe(200);
    await tenant.owner.client.put(`/teams/${tenant.teamId}/members/${admin.id}`, { role: 'member' });
    const again = await create(tenant, body, admin, key);
    expect([again.status, again.body.code]).toEqual([403, 'auth.forbidden']);
  });
});

test('an organization has as many users as its teams can hold, those in no team included', async () => {
  const tenant = await newTenant(app);
  const { owner, orgId, teamId } = tenant;
  await owner.client.put(`/organizations/${orgId}`, { max_teams: 1, max_users_per_team: 3 });
  const [first] = await Promise.all([tenant.person('member'), tenant.person('member')]);
  expect((await owner.client.delete(`/teams/${teamId}/members/${first.id}`)).status).toBe(200);
  const name = unique('u');
  const body = { email: `${name}@example.com`, username: name, team_id: teamId };
  const refused = await owner.client.post(`/organizations/${orgId}/users`, body);
  expect([refused.status, refused.body.code]).toEqual([409, 'organization.user_limit_reached']);

  expect((await owner.client.delete(`/users/${first.id}`)).status).toBe(200);
  expect((await owner.client.post(`/organizations/${orgId}/users`, body)).status).toBe(200);
  const restored = await owner.client.post(`/users/${first.id}/restore`);
  expect([restored.status, restored.body.code]).toEqual([409, 'organization.user_limit_reached']);
});

describe('whether an address is known', () => {
  test('is told to who creates users twenty times an hour, on all instances, and no more', async () => {
    const { owner, orgId, teamId } = await newTenant(app);
    const stranger = (await newTenant(app)).owner.email;
    await using second = await startApp();
    const token = owner.client.token ?? '';
    const create = (turn: number, email: string) =>
      (turn % 2 === 0 ? owner.client : second.clientOf(token)).post(`/organizations/${orgId}/users`, {
        email,
        username: unique('u'),
        team_id: teamId,
      });
    const replies = await Promise.all(Array.from({ length: 30 }, (_, turn) => create(turn, stranger)));
    const codes = replies.map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'user.email_taken')).toHaveLength(20);
    const refused = await create(0, `${unique('u')}@example.com`);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate.limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await owner.client.get(`/organizations/${orgId}/users`)).body.items).toHaveLength(1);
  });

  test('costs nothing where it is not', async () => {
    const { owner, orgId, teamId } = await newTenant(app);
    for (let made = 0; made < 22; made += 1) {
      const username = unique('u');
      const body = { email: `${username}@example.com`, username, team_id: teamId };
      expect((await owner.client.post(`/organizations/${orgId}/users`, body)).status).toBe(200);
    }
  });

  test('is not found out by changing one’s own, more than ten times an hour', async () => {
    const { owner } = await newTenant(app);
    const renamed: number[] = [];
    for (let turn = 0; turn < 11; turn += 1) {
      const reply = await owner.client.put(`/users/${owner.id}`, { email: `${unique('u')}@example.com` });
      renamed.push(reply.status);
    }
    expect(renamed).toEqual([...Array<number>(10).fill(200), 429]);
    expect((await owner.client.put(`/users/${owner.id}`, { full_name: 'Ada' })).status).toBe(200);
  });
});
