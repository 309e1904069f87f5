import { Secret } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../test/harness/api-key.ts';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { codeOf, enrol, forgetSteps } from '../../../test/harness/second-factor.ts';
import { newTenant, password, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';

let app: TestApp;
/** Another instance on the same database. */
let other: TestApp;

beforeAll(async () => {
  [app, other] = await Promise.all([startApp(), startApp()]);
});
afterAll(() => Promise.all([app, other].map((each) => each[Symbol.asyncDispose]())));

const refused = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];

/** Somebody who logs in by password, in a tenant of their own. */
async function somebody() {
  const tenant = await newTenant(app);
  const name = unique('f');
  const email = `${name}@example.com`;
  const fields = { email, username: name, password, team_id: tenant.teamId, role: 'member' };
  const { body } = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, fields);
  const logIn = () => app.anonymous.post('/auth/login', { email, password });
  const client = app.clientOf((await logIn()).body.access_token);
  return { tenant, id: body.id as string, email, logIn, client };
}

async function enrolled() {
  const who = await somebody();
  const { secret, recoveryCodes } = await enrol(who.client);
  await forgetSteps(app, who.id);
  return { ...who, secret, recoveryCodes };
}

const verify = (mfaToken: string, code: string, at = app) =>
  at.anonymous.post('/auth/mfa/totp/verify', { mfa_token: mfaToken, code });

describe('adding a factor', () => {
  test('takes the password and a code, ends other sessions, and leaves entries without the secret', async () => {
    const { client, id, logIn } = await somebody();
    const elsewhere = app.clientOf((await logIn()).body.access_token);
    const without = await client.post('/auth/mfa/totp', {});
    expect(refused(without)).toEqual([422, 'request.invalid']);
    expect(refused(await client.post('/auth/mfa/totp', { current_password: 'another' }))).toEqual([
      401,
      'auth.password_wrong',
    ]);
    const { secret, confirmed, recoveryCodes } = await enrol(client);
    expect(recoveryCodes).toHaveLength(10);
    expect(await auditOf(app.superuser, confirmed)).toMatchObject([
      { action: 'user.second_factor_added', actor_id: id, resource_id: id },
    ]);
    expect((await elsewhere.get('/auth/me')).status).toBe(401);
    const { body } = await client.get('/auth/mfa');
    expect(body).toEqual({ totp_confirmed_at: expect.any(String), passkeys: [], recovery_codes_left: 10 });
    expect(refused(await client.post('/auth/mfa/totp', { current_password: password }))).toEqual([
      409,
      'auth.mfa_already_added',
    ]);
    const { rows } = await app.superuser.query(
      `select t::text || (select string_agg(r::text, '') from recovery_codes r where r.user_id = t.user_id) as text
       from totp_factors t where user_id = $1`,
      [id],
    );
    const shown = [rows[0].text, JSON.stringify(app.log)].join();
    const bytes = Buffer.from(Secret.fromBase32(secret).bytes).toString('hex');
    for (const hidden of [secret, bytes, ...recoveryCodes]) {
      expect(shown).not.toContain(hidden);
    }
  });

  test('is not done by a wrong code, nor asked for before it is', async () => {
    const { client, logIn } = await somebody();
    expect(refused(await client.post('/auth/mfa/totp/confirm', { code: '123456' }))).toEqual([
      409,
      'auth.mfa_not_proposed',
    ]);
    const { secret } = (await client.post('/auth/mfa/totp', { current_password: password })).body;
    const reply = await client.post('/auth/mfa/totp/confirm', { code: codeOf(secret, 5) });
    expect(refused(reply)).toEqual([401, 'auth.mfa_invalid']);
    expect((await logIn()).status).toBe(200);
  });
});

describe('a login with a factor', () => {
  test('is finished by a code, on any instance, once', async () => {
    const { id, logIn, secret } = await enrolled();
    const first = await logIn();
    expect(first.body).toMatchObject({
      status: 401,
      code: 'auth.mfa_required',
      mfa_token: expect.any(String),
      mfa_expires_in: 300,
    });
    expect(first.body).not.toHaveProperty('access_token');
    const code = codeOf(secret);
    expect(refused(await verify('none', code))).toEqual([401, 'auth.mfa_invalid']);
    expect(refused(await verify(first.body.mfa_token, codeOf(secret, 5)))).toEqual([401, 'auth.mfa_invalid']);
    const done = await verify(first.body.mfa_token, code, other);
    expect(done.status).toBe(200);
    const client = app.clientOf(done.body.access_token);
    expect((await client.get('/auth/sessions')).body.items[0]).toMatchObject({
      method: 'password',
      second_factor: 'totp',
    });
    expect(await auditOf(app.superuser, done)).toMatchObject([
      { action: 'session.begun', actor_id: id, after: { method: 'password', second_factor: 'totp' } },
    ]);
    const second = await logIn();
    for (const token of [first.body.mfa_token, second.body.mfa_token]) {
      expect(refused(await verify(token, code))).toEqual([401, 'auth.mfa_invalid']);
    }
    const { refresh_token } = done.body;
    expect((await app.anonymous.post('/auth/refresh', { refresh_token })).status).toBe(200);
  });

  test('takes a code that two show at once from one of them', async () => {
    const { logIn, secret } = await enrolled();
    const tokens = await Promise.all([logIn(), logIn(), logIn()]);
    const code = codeOf(secret);
    const replies = await Promise.all(
      tokens.map(({ body }, index) => verify(body.mfa_token, code, index === 0 ? app : other)),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });

  test('takes each recovery code once, until a restore', async () => {
    const { id, logIn, recoveryCodes } = await enrolled();
    const [one = '', two = ''] = recoveryCodes;
    const done = await verify((await logIn()).body.mfa_token, one.toUpperCase());
    expect(done.status).toBe(200);
    const client = app.clientOf(done.body.access_token);
    expect((await client.get('/auth/mfa')).body.recovery_codes_left).toBe(9);
    expect(refused(await verify((await logIn()).body.mfa_token, one))).toEqual([401, 'auth.mfa_invalid']);
    // As a restore does it, for all: src/operations/backup/restore/end-credentials.ts.
    await app.superuser.query('update recovery_codes set epoch = gen_random_uuid() where user_id = $1', [id]);
    expect(refused(await verify((await logIn()).body.mfa_token, two))).toEqual([401, 'auth.mfa_invalid']);
  });

  test('is not guessed: the sixth wrong code is not looked at, nor is the right one then', async () => {
    const { id, client, logIn, secret } = await enrolled();
    const { mfa_token } = (await logIn()).body;
    const wrong = codeOf(secret, 5);
    const failed = await verify(mfa_token, wrong);
    expect(await auditOf(app.superuser, failed)).toMatchObject([
      { action: 'user.second_factor_failed', actor_id: id },
    ]);
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      expect(refused(await verify(mfa_token, wrong, attempt % 2 === 0 ? app : other))).toEqual([
        401,
        'auth.mfa_invalid',
      ]);
      // @NOTE the right password forgets failures of passwords, and none of codes.
      expect(refused(await logIn())).toEqual([401, 'auth.mfa_required']);
    }
    // @NOTE the first wait is a second: let it be an hour, whatever the pace of the test.
    const { rowCount } = await app.superuser.query(
      `update login_attempts set blocked_until = blocked_until + interval '1 hour'
       where bucket = login_bucket('both', 'second factor of ' || $1, '127.0.0.1') and blocked_until is not null`,
      [id],
    );
    expect(rowCount).toBe(1);
    const limited = await verify(mfa_token, codeOf(secret));
    expect(refused(limited)).toEqual([429, 'auth.throttled']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused(await client.post('/auth/mfa/totp/remove', { code: codeOf(secret) }))).toEqual([
      429,
      'auth.throttled',
    ]);
  });

  test.each([
    ['a new password', { password: 'another long passphrase' }],
    ['a deactivation', { is_active: false }],
  ])('is over with %s', async (_, fields) => {
    const { tenant, id, logIn, secret } = await enrolled();
    const { mfa_token } = (await logIn()).body;
    expect((await tenant.owner.client.put(`/users/${id}`, fields)).status).toBe(200);
    expect((await verify(mfa_token, codeOf(secret))).status).toBe(401);
  });

  test('takes none any more once it is removed, which takes a code', async () => {
    const { client, logIn, secret } = await enrolled();
    expect(refused(await client.post('/auth/mfa/totp/remove', { code: '12345' }))).toEqual([
      401,
      'auth.mfa_invalid',
    ]);
    const removed = await client.post('/auth/mfa/totp/remove', { code: codeOf(secret) });
    expect(removed.status).toBe(204);
    expect(await auditOf(app.superuser, removed)).toMatchObject([{ action: 'user.second_factor_removed' }]);
    expect((await logIn()).status).toBe(200);
  });

  test('gives other recovery codes to who shows a code', async () => {
    const { client, secret, recoveryCodes, logIn } = await enrolled();
    const renewed = await client.post('/auth/mfa/recovery-codes', { code: codeOf(secret) });
    expect(renewed.body.recovery_codes).toHaveLength(10);
    const [before = ''] = recoveryCodes;
    const [since = ''] = renewed.body.recovery_codes;
    expect((await verify((await logIn()).body.mfa_token, before)).status).toBe(401);
    expect((await verify((await logIn()).body.mfa_token, since)).status).toBe(200);
  });
});

describe('an organization that asks for a factor', () => {
  const asks = async ({ tenant }: Pick<Awaited<ReturnType<typeof somebody>>, 'tenant'>) => {
    const path = `/organizations/${tenant.orgId}`;
    const reply = await tenant.owner.client.put(path, { mfa_required: true });
    expect(reply.body).toMatchObject({ mfa_required: true });
  };

  test('lets its members do nothing but add one, at once, and all else then', async () => {
    const who = await somebody();
    const { client, tenant, logIn } = who;
    expect(refused(await client.put(`/organizations/${tenant.orgId}`, { mfa_required: true }))).toEqual([
      403,
      'auth.forbidden',
    ]);
    await asks(who);
    const incidents = `/teams/${tenant.teamId}/incidents`;
    const begun = app.clientOf((await logIn()).body.access_token);
    for (const each of [client, begun]) {
      expect(refused(await each.get(incidents))).toEqual([403, 'auth.mfa_enrolment_required']);
      expect(refused(await each.post(incidents, { title: 'One' }))).toEqual([
        403,
        'auth.mfa_enrolment_required',
      ]);
      expect(refused(await each.get('/auth/me'))).toEqual([403, 'auth.mfa_enrolment_required']);
    }
    await enrol(begun);
    expect((await begun.get(incidents)).status).toBe(200);
    expect((await begun.post('/auth/logout')).status).toBe(204);
  });

  test('is none of those that a session without one reaches from elsewhere', async () => {
    const who = await somebody();
    await asks(who);
    const { tenant } = who;
    const { owner } = tenant;
    const { secret } = await (async () => {
      await app.superuser.query(`update sessions set created_at = now() where user_id = $1`, [owner.id]);
      return await enrol(owner.client);
    })();
    expect(secret).not.toBe('');
    const elsewhere = (await owner.client.post('/organizations', { name: unique('Elsewhere') })).body.id;
    const moved = await owner.client.post('/auth/switch', { organization_id: elsewhere });
    const client = app.clientOf(moved.body.access_token);
    expect((await client.get(`/teams/${tenant.teamId}/incidents`)).status).toBe(200);
    await app.superuser.query('update sessions set second_factor = null where user_id = $1', [owner.id]);
    expect((await client.get(`/teams/${tenant.teamId}/incidents`)).status).toBe(404);
    expect(refused(await client.post('/auth/switch', { organization_id: tenant.orgId }))).toEqual([
      404,
      'organization.not_found',
    ]);
    expect((await client.get(`/organizations/${elsewhere}`)).status).toBe(200);
  });

  test('asks nothing of API keys', async () => {
    const who = await somebody();
    await asks(who);
    const { orgId, teamId, owner } = who.tenant;
    const made = await keyOf(app.superuser, { orgId, userId: owner.id, scopes: ['incidents:read'] });
    expect((await app.clientOf(made.key).get(`/teams/${teamId}/incidents`)).status).toBe(200);
  });
});
