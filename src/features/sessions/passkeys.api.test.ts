import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { Authenticator, addPasskey, type Lie, logInByPasskey } from '../../../test/harness/authenticator.ts';
import { claimsOf } from '../../../test/harness/identity-provider.ts';
import { enrol } from '../../../test/harness/second-factor.ts';
import { newTenant, password, unique } from '../../../test/harness/tenant.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';
import { createLogger } from '../../platform/observability/logger.ts';

let app: TestApp;
/** Another instance on the same database, and one that has no METADATA_PASSKEY_ORIGIN. */
let other: TestApp;
let without: TestApp;

beforeAll(async () => {
  [app, other, without] = await Promise.all([startApp(), startApp(), startApp({ passkeys: undefined })]);
});
afterAll(() => Promise.all([app, other, without].map((each) => each[Symbol.asyncDispose]())));

const refused = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];
const invalid = [401, 'auth.passkey_invalid'];

/** Somebody who logs in by password, in a tenant of their own. */
async function somebody() {
  const tenant = await newTenant(app);
  const name = unique('p');
  const email = `${name}@example.com`;
  const fields = { email, username: name, password, team_id: tenant.teamId, role: 'member' };
  const { body } = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, fields);
  const logIn = () => app.anonymous.post('/auth/login', { email, password });
  const client = app.clientOf((await logIn()).body.access_token);
  return { tenant, id: body.id as string, email, logIn, client };
}

async function withPasskey() {
  const who = await somebody();
  const { id: passkeyId, ...added } = await addPasskey(who.client);
  return { ...who, ...added, passkeyId };
}

const prove = async (client: Awaited<ReturnType<typeof somebody>>['client'], authenticator: Authenticator) =>
  authenticator.get((await client.post('/auth/mfa/passkeys/challenge')).body);

/** The second step of a login by password. */
async function secondStep(
  { logIn }: Pick<Awaited<ReturnType<typeof somebody>>, 'logIn'>,
  authenticator: Authenticator,
  lie: Lie = {},
) {
  const { mfa_token } = (await logIn()).body;
  const { body } = await app.anonymous.post('/auth/passkeys/challenge', { mfa_token });
  const passkey = authenticator.get(body, lie);
  return await other.anonymous.post('/auth/passkeys/verify', { mfa_token, passkey });
}

describe('a passkey', () => {
  test('is added by password, ends other sessions, brings recovery codes, and is listed, renamed and removed', async () => {
    const { client, id: userId, logIn } = await somebody();
    const elsewhere = app.clientOf((await logIn()).body.access_token);
    expect(refused(await client.post('/auth/mfa/passkeys', { current_password: 'another' }))).toEqual([
      401,
      'auth.password_wrong',
    ]);
    const { added, id, recoveryCodes, authenticator } = await addPasskey(client);
    expect(recoveryCodes).toHaveLength(10);
    expect(await auditOf(app.superuser, added)).toMatchObject([
      {
        action: 'user.second_factor_added',
        actor_id: userId,
        resource_id: userId,
        after: { passkey_id: id, name: 'Laptop' },
      },
    ]);
    expect((await elsewhere.get('/auth/me')).status).toBe(401);
    const renamed = await client.put(`/auth/mfa/passkeys/${id}`, { name: 'Desk' });
    expect(renamed.body).toMatchObject({ id, name: 'Desk', last_used_at: null });
    expect(await auditOf(app.superuser, renamed)).toMatchObject([{ action: 'user.passkey_renamed' }]);
    expect((await client.get('/auth/mfa')).body).toMatchObject({
      totp_confirmed_at: null,
      passkeys: [{ id, name: 'Desk' }],
      recovery_codes_left: 10,
    });
    const path = `/auth/mfa/passkeys/${id}/remove`;
    expect(refused(await client.post(path, {}))).toEqual([422, 'request.invalid']);
    expect(refused(await client.post(path, { code: '123456' }))).toEqual([401, 'auth.mfa_invalid']);
    const removed = await client.post(path, { passkey: await prove(client, authenticator) });
    expect(removed.status).toBe(204);
    expect(await auditOf(app.superuser, removed)).toMatchObject([
      { action: 'user.second_factor_removed', before: { passkey_id: id, name: 'Desk' } },
    ]);
    expect((await client.get('/auth/mfa')).body).toMatchObject({ passkeys: [], recovery_codes_left: 0 });
    expect((await logIn()).status).toBe(200);
    expect(refused(await logInByPasskey(app, authenticator))).toEqual(invalid);
  });

  test('logs in by itself, as two factors, at any instance', async () => {
    const { authenticator, passkeyId, tenant } = await withPasskey();
    const { body } = await app.anonymous.post('/auth/passkeys/challenge', {});
    expect(body).toMatchObject({ rpId: 'example.com', userVerification: 'required', allowCredentials: [] });
    const done = await other.anonymous.post('/auth/passkeys/verify', { passkey: authenticator.get(body) });
    expect(done.status).toBe(200);
    expect(await auditOf(app.superuser, done)).toMatchObject([
      { action: 'session.begun', after: { method: 'passkey', second_factor: 'passkey' } },
    ]);
    expect(claimsOf(done.body.access_token)['amr']).toEqual(['pop', 'mfa']);
    const client = app.clientOf(done.body.access_token);
    expect((await client.get('/auth/sessions')).body.items[0]).toMatchObject({
      method: 'passkey',
      second_factor: 'passkey',
    });
    expect((await client.get('/auth/mfa')).body.passkeys).toMatchObject([
      { id: passkeyId, last_used_at: expect.any(String) },
    ]);
    const asks = { mfa_required: true };
    expect((await tenant.owner.client.put(`/organizations/${tenant.orgId}`, asks)).status).toBe(200);
    expect((await client.get('/auth/me')).status).toBe(200);
    const { refresh_token } = done.body;
    expect((await app.anonymous.post('/auth/refresh', { refresh_token })).status).toBe(200);
  });

  test('is the second step after a password, beside recovery codes', async () => {
    const { authenticator, recoveryCodes, ...who } = await withPasskey();
    const asked = await who.logIn();
    expect(refused(asked)).toEqual([401, 'auth.mfa_required']);
    const options = await app.anonymous.post('/auth/passkeys/challenge', { mfa_token: asked.body.mfa_token });
    expect(options.body.allowCredentials).toEqual([
      { id: authenticator.id, type: 'public-key', transports: ['internal'] },
    ]);
    const done = await secondStep(who, authenticator);
    expect(done.status).toBe(200);
    expect(await auditOf(app.superuser, done)).toMatchObject([
      { action: 'session.begun', after: { method: 'password', second_factor: 'passkey' } },
    ]);
    const { mfa_token } = (await who.logIn()).body;
    const code = { mfa_token, code: recoveryCodes[0] };
    expect((await app.anonymous.post('/auth/mfa/totp/verify', code)).status).toBe(200);
    const wrong = await app.anonymous.post('/auth/passkeys/challenge', { mfa_token: 'none' });
    expect(refused(wrong)).toEqual([401, 'auth.mfa_invalid']);
  });

  test('satisfies an organization that asks for a factor, of a session that adds it', async () => {
    const { tenant, client } = await somebody();
    await tenant.owner.client.put(`/organizations/${tenant.orgId}`, { mfa_required: true });
    expect(refused(await client.get('/auth/me'))).toEqual([403, 'auth.mfa_enrolment_required']);
    await addPasskey(client);
    expect((await client.get('/auth/me')).status).toBe(200);
  });

  test('goes beside one-time passwords: codes come with the first, and go with the last', async () => {
    const { client, logIn } = await somebody();
    const { recoveryCodes } = await enrol(client);
    const { id, authenticator, recoveryCodes: none } = await addPasskey(client);
    expect(none).toEqual([]);
    const [one, two] = recoveryCodes;
    expect((await client.post(`/auth/mfa/passkeys/${id}/remove`, { code: one })).status).toBe(204);
    expect((await client.get('/auth/mfa')).body).toMatchObject({ passkeys: [], recovery_codes_left: 9 });
    expect(refused(await logIn())).toEqual([401, 'auth.mfa_required']);
    await addPasskey(client, authenticator);
    expect((await client.post('/auth/mfa/totp/remove', { code: two })).status).toBe(204);
    expect((await client.get('/auth/mfa')).body).toMatchObject({
      totp_confirmed_at: null,
      passkeys: [{ name: 'Laptop' }],
      recovery_codes_left: 8,
    });
    const removal = { passkey: await prove(client, authenticator) };
    expect(refused(await client.post('/auth/mfa/totp/remove', removal))).toEqual([401, 'auth.mfa_invalid']);
    expect((await client.post('/auth/mfa/recovery-codes', removal)).body.recovery_codes).toHaveLength(10);
  });

  test('is one of 20 at most, and one person’s', async () => {
    const { client, passkeyId: id, authenticator } = await withPasskey();
    const stranger = await somebody();
    const proposed = await stranger.client.post('/auth/mfa/passkeys', { current_password: password });
    const credential = new Authenticator().create(proposed.body, { id: authenticator.id });
    const taken = { name: 'Theirs', credential };
    expect(refused(await stranger.client.post('/auth/mfa/passkeys/confirm', taken))).toEqual([
      409,
      'passkey.taken',
    ]);
    expect(refused(await stranger.client.put(`/auth/mfa/passkeys/${id}`, { name: 'Mine' }))).toEqual([
      404,
      'passkey.not_found',
    ]);
    const removal = { code: '123456' };
    expect(refused(await stranger.client.post(`/auth/mfa/passkeys/${id}/remove`, removal))).toEqual([
      404,
      'passkey.not_found',
    ]);
    await app.superuser.query(
      `insert into passkeys (user_id, id, credential_id, public_key, counter, transports, name)
       select user_id, gen_random_uuid(), uuid_send(gen_random_uuid()), '', 0, '{}', 'More' from passkeys, generate_series(1, 19) where id = $1`,
      [id],
    );
    expect(refused(await client.post('/auth/mfa/passkeys', { current_password: password }))).toEqual([
      409,
      'passkey.too_many',
    ]);
  });

  test('is refused by name where the service has no METADATA_PASSKEY_ORIGIN; recovery codes go on', async () => {
    const { client, authenticator, logIn, recoveryCodes } = await withPasskey();
    const there = without.clientOf(client.token ?? '');
    const passkey = authenticator.get({ challenge: randomBytes(32).toString('base64url') });
    const { mfa_token } = (await logIn()).body;
    for (const reply of [
      await there.post('/auth/mfa/passkeys', { current_password: password }),
      await there.post('/auth/mfa/passkeys/challenge'),
      await without.anonymous.post('/auth/passkeys/challenge', {}),
      await without.anonymous.post('/auth/passkeys/challenge', { mfa_token }),
      await without.anonymous.post('/auth/passkeys/verify', { passkey }),
    ]) {
      expect(refused(reply)).toEqual([501, 'auth.passkeys_not_configured']);
      expect(reply.body.detail).toContain('METADATA_PASSKEY_ORIGIN');
    }
    const code = { mfa_token, code: recoveryCodes[0] };
    expect((await without.anonymous.post('/auth/mfa/totp/verify', code)).status).toBe(200);
  });

  test('is asked for, and shown, no more often a minute and network than logins are', async () => {
    const few = await startApp({
      http: {
        logger: createLogger({ level: 'ERROR', destination: { write: () => undefined } }),
        corsOrigins: [],
        trustedProxies: ['127.0.0.1'],
      },
      signup: { attemptsPerMinute: 3, successesPerHour: null },
    });
    try {
      const address = `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
      const headers = { 'x-forwarded-for': address };
      const passkey = new Authenticator().get({ challenge: randomBytes(32).toString('base64url') });
      const ask = () => few.anonymous.post('/auth/passkeys/challenge', {}, { headers });
      const show = () => few.anonymous.post('/auth/passkeys/verify', { passkey }, { headers });
      const statuses = async (work: () => Promise<{ status: number }>) =>
        (await Promise.all([work(), work(), work(), work(), work()])).map(({ status }) => status).sort();
      expect(await statuses(ask)).toEqual([200, 200, 200, 429, 429]);
      expect(await statuses(show)).toEqual([401, 401, 401, 429, 429]);
    } finally {
      await few[Symbol.asyncDispose]();
    }
  });
});

const lies: Readonly<Record<string, Lie>> = {
  'of another origin': { origin: 'https://app.example.org' },
  'of a page below the origin': { origin: 'https://app.example.com.evil.org' },
  'of a page that others show in a frame': { crossOrigin: true },
  'for another domain': { rpId: 'example.org' },
  'for another ceremony': { type: 'webauthn.payment' },
  'without user verification': { isVerified: false },
  'without anybody there': { isPresent: false },
  'of a challenge that nobody gave': { challenge: randomBytes(32).toString('base64url') },
};

describe('an attack is refused, in the same words', () => {
  test.each(Object.entries(lies))('what was made %s', async (_, lie) => {
    const { client } = await somebody();
    const proposed = await client.post('/auth/mfa/passkeys', { current_password: password });
    const credential = new Authenticator().create(proposed.body, lie);
    const reply = await client.post('/auth/mfa/passkeys/confirm', { name: 'Bad', credential });
    expect(refused(reply)).toEqual(invalid);
    expect((await client.get('/auth/mfa')).body.passkeys).toEqual([]);
  });

  test.each(Object.entries(lies))('what was signed %s', async (_, lie) => {
    const { authenticator, ...who } = await withPasskey();
    expect(refused(await logInByPasskey(app, authenticator, lie))).toEqual(invalid);
    expect(refused(await secondStep(who, authenticator, lie))).toEqual([401, 'auth.mfa_invalid']);
    expect((await logInByPasskey(app, authenticator)).status).toBe(200);
  });

  test('what was made for signing, and signed for making', async () => {
    const { client, authenticator } = await withPasskey();
    const proposed = await client.post('/auth/mfa/passkeys', { current_password: password });
    const credential = new Authenticator().create(proposed.body, { type: 'webauthn.get' });
    const confirm = { name: 'Bad', credential };
    expect(refused(await client.post('/auth/mfa/passkeys/confirm', confirm))).toEqual(invalid);
    expect(refused(await logInByPasskey(app, authenticator, { type: 'webauthn.create' }))).toEqual(invalid);
  });

  test('a challenge twice, of two at once one, and after five minutes none', async () => {
    const { authenticator } = await withPasskey();
    const ask = async () => (await app.anonymous.post('/auth/passkeys/challenge', {})).body;
    const options = await ask();
    const passkeys = [authenticator.get(options), authenticator.get(options)];
    const replies = await Promise.all(
      passkeys.map((passkey, index) =>
        (index === 0 ? app : other).anonymous.post('/auth/passkeys/verify', { passkey }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401]);
    const late = await ask();
    await app.superuser.query(
      `update passkey_challenges set expires_at = now() where challenge_hash = sha256($1::bytea)`,
      [Buffer.from(late.challenge)],
    );
    const passkey = authenticator.get(late);
    expect(refused(await app.anonymous.post('/auth/passkeys/verify', { passkey }))).toEqual(invalid);
  });

  test('a challenge of another user, or for another purpose', async () => {
    const [one, two] = [await withPasskey(), await withPasskey()];
    const proposed = await one.client.post('/auth/mfa/passkeys', { current_password: password });
    const stolen = { name: 'Bad', credential: new Authenticator().create(proposed.body) };
    expect(refused(await two.client.post('/auth/mfa/passkeys/confirm', stolen))).toEqual(invalid);
    const ofOne = await one.client.post('/auth/mfa/passkeys/challenge');
    const passkey = two.authenticator.get(ofOne.body);
    expect(refused(await two.client.post('/auth/mfa/recovery-codes', { passkey }))).toEqual([
      401,
      'auth.mfa_invalid',
    ]);
    const own = await prove(two.client, two.authenticator);
    expect(refused(await app.anonymous.post('/auth/passkeys/verify', { passkey: own }))).toEqual(invalid);
    const { body } = await app.anonymous.post('/auth/passkeys/challenge', {});
    const toLogIn = two.authenticator.get(body);
    expect(refused(await two.client.post('/auth/mfa/recovery-codes', { passkey: toLogIn }))).toEqual([
      401,
      'auth.mfa_invalid',
    ]);
  });

  test('a passkey of another user, under one’s own name or theirs', async () => {
    const [one, two] = [await withPasskey(), await withPasskey()];
    const handle = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
    const ofOne = { userHandle: handle(one.id) };
    expect(refused(await logInByPasskey(app, two.authenticator, ofOne))).toEqual(invalid);
    expect(
      refused(await logInByPasskey(app, two.authenticator, { ...ofOne, id: one.authenticator.id })),
    ).toEqual(invalid);
    expect(refused(await logInByPasskey(app, two.authenticator, { userHandle: null }))).toEqual(invalid);
    for (const userHandle of [handle(randomUUID()), 'AA', randomBytes(64).toString('base64url')]) {
      expect(refused(await logInByPasskey(app, two.authenticator, { userHandle }))).toEqual(invalid);
    }
    for (const lie of [
      {},
      { userHandle: null },
      { id: one.authenticator.id },
      { ...ofOne, id: one.authenticator.id },
    ]) {
      expect(refused(await secondStep(one, two.authenticator, lie))).toEqual([401, 'auth.mfa_invalid']);
    }
  });

  test('a count that goes back: a copy, which is recorded; those that do not count go on', async () => {
    const { authenticator, passkeyId, ...who } = await withPasskey();
    expect((await logInByPasskey(app, authenticator)).status).toBe(200);
    for (const counter of [authenticator.counter, authenticator.counter - 1, 0]) {
      const copied = await logInByPasskey(app, authenticator, { counter });
      expect(refused(copied)).toEqual(invalid);
      expect(await auditOf(app.superuser, copied)).toMatchObject([
        { action: 'user.passkey_copied', after: { passkey_id: passkeyId } },
        { action: 'user.login_failed' },
      ]);
    }
    const copied = await secondStep(who, authenticator, { counter: 1 });
    expect(await auditOf(app.superuser, copied)).toMatchObject([
      { action: 'user.passkey_copied' },
      { action: 'user.second_factor_failed' },
    ]);
    authenticator.counter += 100;
    expect((await logInByPasskey(app, authenticator)).status).toBe(200);
    const silent = new Authenticator();
    silent.doesCount = false;
    await addPasskey((await somebody()).client, silent);
    expect((await logInByPasskey(app, silent)).status).toBe(200);
    expect((await logInByPasskey(app, silent)).status).toBe(200);
  });

  test('whoever was deactivated, or whose password was changed meanwhile', async () => {
    const { tenant, authenticator, id, logIn } = await withPasskey();
    const { mfa_token } = (await logIn()).body;
    const asked = await app.anonymous.post('/auth/passkeys/challenge', { mfa_token });
    const { body } = await app.anonymous.post('/auth/passkeys/challenge', {});
    expect((await tenant.owner.client.put(`/users/${id}`, { is_active: false })).status).toBe(200);
    const passkey = authenticator.get(body);
    expect(refused(await app.anonymous.post('/auth/passkeys/verify', { passkey }))).toEqual(invalid);
    expect(refused(await logInByPasskey(app, authenticator))).toEqual(invalid);
    expect((await tenant.owner.client.put(`/users/${id}`, { is_active: true })).status).toBe(200);
    const second = { mfa_token, passkey: authenticator.get(asked.body) };
    expect((await app.anonymous.post('/auth/passkeys/verify', second)).status).toBe(401);
    expect((await logInByPasskey(app, authenticator)).status).toBe(200);
  });

  test('an attestation with a certificate: it names whom the library would ask', async () => {
    const { client } = await somebody();
    for (const format of ['packed', 'fido-u2f', 'apple', 'tpm', 'android-key', randomUUID()]) {
      const proposed = await client.post('/auth/mfa/passkeys', { current_password: password });
      const attestation = { format, certificate: randomBytes(300) };
      const credential = new Authenticator().create(proposed.body, { attestation });
      const reply = await client.post('/auth/mfa/passkeys/confirm', { name: 'Bad', credential });
      expect(refused(reply)).toEqual(invalid);
    }
  });
});
