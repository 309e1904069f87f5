import argon2 from '@node-rs/argon2';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  // @NOTE with hashes that take as much as they do in production.
  app = await startApp({ passwords: { minLength: 15, blocklist: true } });
  tenant = await newTenant(app);
});
afterAll(() => app[Symbol.asyncDispose]());
afterEach(() => void vi.restoreAllMocks());

const logIn = (email: string, tried = password) =>
  app.anonymous.post('/auth/login', { email, password: tried });
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

/** Someone with a password, made by the owner. */
async function someone(fields: object = {}) {
  const name = unique('someone');
  const email = `${name}@example.com`;
  const body = { email, username: name, password, team_id: tenant.teamId, full_name: 'Some One', ...fields };
  const reply = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, body);
  expect(reply.status).toBe(200);
  return { ...body, id: reply.body.id as string };
}

describe('a login', () => {
  test('with the right password answers a token with the promised claims, and no others of a person', async () => {
    const { id, email } = await someone({ role: 'viewer' });
    const reply = await logIn(email);
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 3_600,
        refresh_token: expect.any(String),
        refresh_expires_in: 604_800,
      },
    ]);
    const { iat, exp, ...claims } = claimsOf(reply.body.access_token);
    expect(claims).toEqual({
      iss: 'brownie-metadata-api',
      aud: 'brownie-metadata-api',
      sid: expect.any(String),
      sub: id,
      org_id: tenant.orgId,
      email,
      roles: ['viewer'],
      amr: ['pwd'],
      jti: expect.any(String),
    });
    expect(exp - iat).toBe(3600);
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(60);
  });

  test('takes the e-mail in any case and Unicode form', async () => {
    const { email } = await someone({ email: `${unique('Élodie.Żółw')}@Example.com`.normalize('NFC') });
    for (const spelled of [email, email.toLowerCase(), email.toUpperCase(), email.normalize('NFD')]) {
      expect([spelled, (await logIn(spelled)).status]).toEqual([spelled, 200]);
    }
  });

  test('takes the password as it was set, whatever its Unicode form, and in no other case', async () => {
    const accented = 'crème brûlée à la carte';
    const { email } = await someone({ password: accented.normalize('NFC') });
    expect((await logIn(email, accented.normalize('NFD'))).status).toBe(200);
    expect((await logIn(email, accented.toUpperCase())).status).toBe(401);
  });

  test('is into the home organization, whatever others the user has', async () => {
    const { email } = await someone();
    const client = app.clientOf((await logIn(email)).body.access_token);
    await client.post('/organizations', { name: unique('Second') });
    expect(claimsOf((await logIn(email)).body.access_token).org_id).toBe(tenant.orgId);
  });

  const failures: Readonly<Record<string, () => Promise<[email: string, tried: string]>>> = {
    'a wrong password': async () => [(await someone()).email, 'not the right passphrase'],
    'an unknown e-mail': async () => [`${unique('nobody')}@example.com`, password],
    'what is no e-mail': async () => ['', ''],
    'a user without a password': async () => [(await someone({ password: undefined })).email, password],
    'a deactivated user': async () => {
      const { id, email } = await someone();
      await tenant.owner.client.put(`/users/${id}`, { is_active: false });
      return [email, password];
    },
    'a deleted user': async () => {
      const { id, email } = await someone();
      await tenant.owner.client.delete(`/users/${id}`);
      return [email, password];
    },
    'a user of an organization that is not active': async () => {
      const other = await newTenant(app);
      await app.superuser.query('update organizations set is_active = false where id = $1', [other.orgId]);
      return [other.owner.email, password];
    },
    'a service account': async () => {
      const { body } = await tenant.owner.client.post(`/organizations/${tenant.orgId}/service-accounts`, {
        name: unique('robot'),
        team_id: tenant.teamId,
        role: 'viewer',
      });
      const { rows } = await app.superuser.query('select email from users where id = $1', [body.id]);
      return [rows[0].email, password];
    },
  };

  /** What is counted against an account, and what against it from here. */
  async function countedOf(email: string) {
    const { rows } = await app.superuser.query(
      `select coalesce(sum(failures), 0)::integer as failures, coalesce(sum(consecutive), 0)::integer as consecutive from login_attempts
       where bucket in (login_bucket('account', $1, ''), login_bucket('both', $1, '127.0.0.1'))`,
      [email],
    );
    return rows[0] as { failures: number; consecutive: number };
  }

  const kinds = Object.keys(failures);
  test.each(kinds)(
    'with %s fails in the same words and headers, after the same work, and counts alike',
    async (kind) => {
      const [email, tried] = (await failures[kind]?.()) ?? ['', ''];
      const reference = await logIn((await someone()).email, 'not the right passphrase');
      const counted = await countedOf(email);
      const verify = vi.spyOn(argon2, 'verify');
      const makeHash = vi.spyOn(argon2, 'hash');
      const reply = await logIn(email, tried);
      expect(verify.mock.calls.map(([hash]) => String(hash).slice(0, 30))).toEqual([
        '$argon2id$v=19$m=19456,t=2,p=1',
      ]);
      expect(makeHash).not.toHaveBeenCalled();

      expect([reply.status, reply.body.code, reply.body.detail]).toEqual([
        401,
        'auth.invalid_credentials',
        'Incorrect email or password',
      ]);
      expect({ ...reply.body, request_id: '' }).toEqual({ ...reference.body, request_id: '' });
      const headersOf = ({ headers }: typeof reply) =>
        [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)).sort();
      expect(headersOf(reply)).toEqual(headersOf(reference));
      expect(await countedOf(email)).toEqual({
        failures: counted.failures + 2,
        consecutive: counted.consecutive + 1,
      });
    },
  );

  test('that fails writes neither the password nor a token to the log', () => {
    expect(JSON.stringify(app.log)).not.toMatch(/passphrase|eyJ/);
  });

  test.each([
    ['no password', { email: 'ada@example.com' }, '/password'],
    ['no e-mail', { password }, '/email'],
    ['a number for a password', { email: 'ada@example.com', password: 1 }, '/password'],
    [
      'a password of 1,025 characters',
      { email: 'ada@example.com', password: 'x'.repeat(1_025) },
      '/password',
    ],
    ['an unknown field', { email: 'ada@example.com', password, org: 'acme' }, '/org'],
  ])('with %s is refused by name', async (_, body, pointer) => {
    const reply = await app.anonymous.post('/auth/login', body);
    expect([reply.status, reply.body.errors]).toMatchObject([422, [{ pointer }]]);
  });
});

describe('the caller', () => {
  test('is told who they are', async () => {
    const person = await someone({ role: 'viewer' });
    const client = app.clientOf((await logIn(person.email)).body.access_token);
    const reply = await client.get('/auth/me');
    expect([reply.status, reply.body]).toEqual([
      200,
      {
        id: person.id,
        email: person.email,
        username: person.username,
        full_name: 'Some One',
        role: 'viewer',
        org_id: tenant.orgId,
        team_id: tenant.teamId,
        is_active: true,
        is_verified: false,
      },
    ]);
    const info = await client.get('/okta/userinfo');
    expect([info.status, info.body]).toEqual([
      200,
      {
        sub: person.id,
        email: person.email,
        email_verified: false,
        preferred_username: person.username,
        name: 'Some One',
        org_id: tenant.orgId,
        roles: ['viewer'],
      },
    ]);
  });

  test('is told what is so now, not what the token says', async () => {
    const person = await someone({ role: 'viewer' });
    const client = app.clientOf((await logIn(person.email)).body.access_token);
    await tenant.owner.client.put(`/users/${person.id}`, { role: 'member', full_name: 'Another Name' });
    expect((await client.get('/auth/me')).body).toMatchObject({ role: 'member', full_name: 'Another Name' });
    expect((await client.get('/okta/userinfo')).body).toMatchObject({
      roles: ['member'],
      name: 'Another Name',
    });
  });

  test.each(['/auth/me', '/okta/userinfo'])('without a token is told nothing by %s', async (path) => {
    const reply = await app.anonymous.get(path);
    expect([reply.status, reply.body.code, reply.body.detail]).toEqual([
      401,
      'auth.unauthenticated',
      'Could not validate credentials',
    ]);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('single sign-on without a provider', () => {
  test.each([
    ['/auth/okta/login', 'not implemented'],
    ['/auth/okta/callback', 'not implemented'],
    ['/okta/login', 'not configured'],
    ['/okta/callback', 'not configured'],
    ['/okta/callback?code=c&state=s', 'not configured'],
  ])('%s says that it is %s', async (path, words) => {
    const reply = await app.anonymous.get(path);
    expect([reply.status, reply.body.code]).toEqual([501, 'oidc.not_configured']);
    expect(reply.body.detail).toContain(words);
  });
});
