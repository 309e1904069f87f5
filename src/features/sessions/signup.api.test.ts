import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import type { Reply } from '../../../test/harness/client.ts';
import { password, signupBody, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;

beforeAll(async () => {
  // @NOTE with hashes that take as much as they do in production.
  app = await startApp({ passwords: { minLength: 15, blocklist: true } });
});
afterAll(() => app[Symbol.asyncDispose]());

const signUp = (fields: object = {}) => app.anonymous.post('/auth/signup', signupBody(fields));
const meOf = async ({ body }: Reply) => (await app.clientOf(body.access_token).get('/auth/me')).body;
const pointersOf = ({ body }: Reply): string[] => [
  ...new Set<string>(body.errors.map(({ pointer }: { pointer: string }) => pointer)),
];
const organizationNamed = async (name: string) =>
  (await app.superuser.query('select * from organizations where name = $1', [name])).rows;

describe('signing up', () => {
  test('answers a token that works', async () => {
    const body = signupBody({ full_name: 'Ada Lovelace' });
    const reply = await app.anonymous.post('/auth/signup', body);
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
        token_type: 'bearer',
        expires_in: 3600,
        refresh_token: expect.stringMatching(/^brf_[\w-]{86}$/),
        refresh_expires_in: 604_800,
      },
    ]);
    expect(await meOf(reply)).toEqual({
      id: expect.any(String),
      email: body.email,
      username: body.username,
      full_name: 'Ada Lovelace',
      role: 'admin',
      org_id: expect.any(String),
      team_id: expect.any(String),
      is_active: true,
      is_verified: false,
    });
  });

  test('makes an organization, its first team, and its owner, who is admin of the team', async () => {
    const body = signupBody();
    const me = await meOf(await app.anonymous.post('/auth/signup', body));
    const { rows } = await app.superuser.query(
      `select o.name, o.max_teams, o.max_users_per_team, t.name as team, t.created_by, u.email, u.org_id as home,
              m.role as organization_role, m.team_id as home_team, tm.role as team_role
       from organizations o join teams t on t.org_id = o.id join users u on u.org_id = o.id
       join organization_memberships m on m.org_id = o.id and m.user_id = u.id
       join team_memberships tm on tm.team_id = t.id and tm.user_id = u.id where o.id = $1`,
      [me.org_id],
    );
    expect(rows).toEqual([
      {
        name: body.organization_name,
        max_teams: 10,
        max_users_per_team: 50,
        team: 'Platform',
        created_by: me.id,
        email: body.email,
        home: me.org_id,
        organization_role: 'owner',
        home_team: me.team_id,
        team_role: 'admin',
      },
    ]);
  });

  test('is told in the audit trail, without the password', async () => {
    const reply = await signUp();
    const me = await meOf(reply);
    const audit = await auditOf(app.superuser, reply);
    const by = { org_id: me.org_id, actor_type: 'user', actor_id: me.id, before: null, address: '127.0.0.1' };
    expect(audit).toHaveLength(3);
    expect(audit).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...by, action: 'organization.created', resource_id: me.org_id }),
        expect.objectContaining({ ...by, action: 'user.created', resource_id: me.id, team_id: me.team_id }),
        expect.objectContaining({
          ...by,
          action: 'team.created',
          resource_id: me.team_id,
          team_id: me.team_id,
        }),
      ]),
    );
    expect(JSON.stringify(audit)).not.toMatch(/argon2|passphrase|password/);
  });

  test('keeps the password as an Argon2id hash', async () => {
    const { id } = await meOf(await signUp());
    const { rows } = await app.superuser.query('select password_hash from users where id = $1', [id]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('leaves no password in the log', () => {
    expect(JSON.stringify(app.log)).not.toContain(password);
  });
});

describe('names', () => {
  test.each([
    ['日本語', /^organization-[0-9a-f]{10}$/],
    ['---', /^organization-[0-9a-f]{10}$/],
    ['Ünïcode  Ops', /^unicode-ops/],
    ['🚒'.repeat(200), /^organization-[0-9a-f]{10}$/],
  ])('in any script give valid slugs: %s', async (name, slug) => {
    const tail = [...unique('')]
      .map((letter) => String.fromCodePoint(0x4e00 + letter.charCodeAt(0)))
      .join('');
    const reply = await signUp({ organization_name: `${name}${tail}`, team_name: name });
    expect(reply.status).toBe(200);
    const { org_id: orgId, team_id: teamId } = await meOf(reply);
    const client = app.clientOf(reply.body.access_token);
    expect((await client.get(`/organizations/${orgId}`)).body.slug).toMatch(slug);
    expect((await client.get(`/teams/${teamId}`)).body).toMatchObject({
      name,
      slug: expect.stringMatching(/^[a-z0-9-]{1,100}$/),
    });
  });

  test('of two organizations that read alike give two slugs', async () => {
    const name = unique('Night Watch');
    for (const organization_name of [name, `${name}?`]) {
      expect((await signUp({ organization_name })).status).toBe(200);
    }
    const { rows } = await app.superuser.query('select slug from organizations where name in ($1, $2)', [
      name,
      `${name}?`,
    ]);
    expect(new Set(rows.map(({ slug }) => slug)).size).toBe(2);
  });
});

describe('who is known already', () => {
  test.each([
    ['by e-mail', 'email', 'user.email_taken'],
    ['by username', 'username', 'user.username_taken'],
    ['by the organization’s name', 'organization_name', 'organization.name_taken'],
  ] as const)('%s is refused, and nothing is made', async (_, field, code) => {
    const known = signupBody();
    await app.anonymous.post('/auth/signup', known);
    const organization_name = unique('Second');
    const reply = await signUp({ organization_name, [field]: known[field] });
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(reply.body.detail).toContain('already exists');
    expect(await organizationNamed(organization_name)).toEqual([]);
  });

  test.each([
    ['Ada@Example.com', 'aDA@eXAMPLE.COM'],
    ['Élodie.Żółw@пример.рф', 'ÉLODIE.ŻÓŁW@ПРИМЕР.РФ'],
    ['café@example.com'.normalize('NFC'), 'CAFÉ@example.com'.normalize('NFD')],
  ])('is known in any case and script: %s', async (first, second) => {
    const tail = unique('').slice(1);
    expect((await signUp({ email: `${tail}${first}` })).status).toBe(200);
    expect((await signUp({ email: `${tail}${second}` })).body.code).toBe('user.email_taken');
    const name = unique('Ada');
    expect((await signUp({ username: name })).status).toBe(200);
    expect((await signUp({ username: name.toUpperCase() })).body.code).toBe('user.username_taken');
  });
});

describe('a password', () => {
  test.each([
    ['of 14 characters', 'Tr0ub4dor&3-wm'],
    ['of 14 characters in 28 UTF-16 units', '🐙🦊🐝🦉🐳🦄🐢🦋🐌🦂🐊🦍🐘🦒'],
    ['of 1,025 bytes', `${'é'.repeat(512)}x`],
    ['that is one of the most used', 'qwerty123456789'],
    ['that repeats itself', 'abcabcabcabcabc'],
    ['that is the name of the product', 'Brownie-20260101'],
  ])('%s is refused, with the reason', async (_, tried) => {
    const organization_name = unique('Org');
    const reply = await signUp({ password: tried, organization_name });
    expect([reply.status, reply.body.code, pointersOf(reply)]).toEqual([
      422,
      'request.invalid',
      ['/password'],
    ]);
    expect(reply.body.detail).toMatch(/^The password (must have|is) /);
    expect(JSON.stringify(reply.body)).not.toContain(tried);
    expect(await organizationNamed(organization_name)).toEqual([]);
  });

  test('of 1,025 characters is refused by the length alone', async () => {
    expect(pointersOf(await signUp({ password: 'x'.repeat(1_025) }))).toEqual(['/password']);
  });

  test.each([
    ['the organization', { organization_name: 'Nightingale Ops' }, 'nightingale-ops-2026'],
    ['the username', { username: 'florence_nightingale' }, 'Florence.Nightingale1'],
  ])('made of the name of %s is refused', async (_, fields, tried) => {
    expect(pointersOf(await signUp({ ...fields, password: tried }))).toEqual(['/password']);
  });

  test('of 15 characters is taken', async () => {
    expect((await signUp({ password: 'Tr0ub4dor&3-wmx' })).status).toBe(200);
  });
});

test.each([
  ['no e-mail', { email: undefined }, '/email'],
  ['an e-mail that is none', { email: 'ada.example.com' }, '/email'],
  ['an e-mail of 321 characters', { email: `${'x'.repeat(309)}@example.com` }, '/email'],
  ['no username', { username: undefined }, '/username'],
  ['a username with a space', { username: 'ada l' }, '/username'],
  ['no password', { password: undefined }, '/password'],
  ['an empty password', { password: '' }, '/password'],
  ['a full name of 256 characters', { full_name: 'x'.repeat(256) }, '/full_name'],
  ['an empty organization', { organization_name: '' }, '/organization_name'],
  ['an organization of 256 characters', { organization_name: 'x'.repeat(256) }, '/organization_name'],
  ['no team', { team_name: undefined }, '/team_name'],
  ['a role', { role: 'admin' }, '/role'],
  ['a verification', { is_verified: true }, '/is_verified'],
])('with %s there is no sign-up, and the field is named', async (_, fields, pointer) => {
  const reply = await signUp(fields);
  expect([reply.status, reply.body.code, pointersOf(reply)]).toEqual([422, 'request.invalid', [pointer]]);
});
