import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from '../../../test/harness/app.ts';
import { addPasskey, logInByPasskey } from '../../../test/harness/authenticator.ts';
import { claimsOf } from '../../../test/harness/identity-provider.ts';
import { codeOf, enrol, forgetSteps } from '../../../test/harness/second-factor.ts';
import { optionsOf, type SingleSignOn, startSingleSignOn } from '../../../test/harness/single-sign-on.ts';
import { password, unique } from '../../../test/harness/tenant.ts';

let sso: SingleSignOn;

beforeAll(async () => {
  sso = await startSingleSignOn();
});
afterAll(() => sso[Symbol.asyncDispose]());

/** An account that the tenant makes in the name of somebody who never heard of it. */
async function plant() {
  const name = unique('victim');
  const email = `${name}@corp.example.com`;
  const { tenant } = sso;
  const reply = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, {
    email,
    username: name,
    team_id: tenant.teamId,
    is_verified: true,
    password,
  });
  expect([reply.status, reply.body.is_verified]).toEqual([200, false]);
  return { id: reply.body.id as string, email };
}
const byPassword = (email: string) => sso.app.anonymous.post('/auth/login', { email, password });
const logInByPassword = async (email: string): Promise<number> => (await byPassword(email)).status;
const entriesOf = async (userId: string): Promise<string[]> =>
  (
    await sso.app.superuser.query(
      `select action from audit_events where resource_id = $1 and action not in ('user.created', 'user.login_failed') order by occurred_at`,
      [userId],
    )
  ).rows.map(({ action }) => action);

test('an account that was planted is its person’s alone from their first login on', async () => {
  const { id, email } = await plant();
  const planted = sso.app.clientOf((await byPassword(email)).body.access_token);
  expect((await planted.get('/auth/me')).status).toBe(200);
  const reply = await sso.logIn(sso.provider.account({ email }));
  expect([reply.status, claimsOf(reply.body.access_token)['sub']]).toEqual([200, id]);
  expect(await logInByPassword(email)).toBe(401);
  expect((await planted.get('/auth/me')).status).toBe(401);
  expect(await entriesOf(id)).toEqual(['user.identity_linked', 'user.credentials_ended']);
  expect(sso.app.log).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('are ended'), user_id: id }),
  );
  for (const fields of [{ password }, { email: `other-${email}` }]) {
    const refused = await sso.tenant.owner.client.put(`/users/${id}`, fields);
    expect([refused.status, refused.body.code]).toEqual([403, 'user.field_forbidden']);
  }
  const me = await sso.app.clientOf(reply.body.access_token).get('/auth/me');
  expect([me.status, me.body.is_verified]).toEqual([200, true]);
});

test('the password of somebody who proved their address stays, whatever provider they come by', async () => {
  const { id, email } = await plant();
  await sso.app.superuser.query('update users set verified_email = email where id = $1', [id]);
  expect((await sso.logIn(sso.provider.account({ email }))).status).toBe(200);
  expect(await logInByPassword(email)).toBe(200);
  expect(await entriesOf(id)).toEqual(['user.identity_linked']);
});

test('an account that was linked on an admin’s word is settled at the next login, once', async () => {
  const { id, email } = await plant();
  const account = sso.provider.account({ email, email_verified: false });
  await sso.app.superuser.query(
    `insert into user_identities (issuer, subject, org_id, user_id)
     select issuer, $1, org_id, id from users, unnest($2::text[]) as issuer where id = $3`,
    [account.sub, [sso.provider.issuer, 'https://the.former.example.com'], id],
  );
  expect((await sso.logIn(account)).status).toBe(200);
  expect(await logInByPassword(email)).toBe(401);
  const { rows } = await sso.app.superuser.query('select issuer from user_identities where user_id = $1', [
    id,
  ]);
  expect(rows).toEqual([{ issuer: sso.provider.issuer }]);
  expect((await sso.logIn(account)).status).toBe(200);
  expect(await entriesOf(id)).toEqual(['user.credentials_ended']);
});

test('no password that is set while its person logs in outlives the login', async () => {
  const { id, email } = await plant();
  const account = sso.provider.account({ email });
  await Promise.all([
    sso.logIn(account),
    ...Array.from({ length: 5 }, () => sso.tenant.owner.client.put(`/users/${id}`, { password })),
  ]);
  expect(await entriesOf(id)).toContain('user.credentials_ended');
  expect(await logInByPassword(email)).toBe(401);
});

test('who was linked to a user that is deleted is free for another one', async () => {
  const { id, email } = await plant();
  const account = sso.provider.account({ email });
  expect((await sso.logIn(account)).status).toBe(200);
  expect((await sso.tenant.owner.client.delete(`/users/${id}`)).status).toBe(200);
  expect((await sso.logIn(account)).status).toBe(401);
  const next = await sso.user({ email });
  const reply = await sso.logIn(account);
  expect([reply.status, claimsOf(reply.body.access_token)['sub']]).toEqual([200, next.id]);
});

test('a second factor of whoever had the account before ends with the rest, and asks its person for nothing', async () => {
  const { id, email } = await plant();
  const planted = sso.app.clientOf((await byPassword(email)).body.access_token);
  const { authenticator } = await addPasskey(planted);
  expect((await logInByPasskey(sso.app, authenticator)).status).toBe(200);
  await enrol(planted);
  const reply = await sso.logIn(sso.provider.account({ email }));
  expect([reply.status, claimsOf(reply.body.access_token)['sub']]).toEqual([200, id]);
  const { body } = await sso.app.clientOf(reply.body.access_token).get('/auth/mfa');
  expect(body).toEqual({ totp_confirmed_at: null, passkeys: [], recovery_codes_left: 0 });
  expect((await logInByPasskey(sso.app, authenticator)).status).toBe(401);
});

test('a login through the provider takes the second factor of who has one, unless the operator says that the provider asks for one', async () => {
  const { id, email } = await sso.user();
  const account = sso.provider.account({ email });
  const first = await sso.logIn(account);
  const { secret } = await enrol(sso.app.clientOf(first.body.access_token));
  await forgetSteps(sso.app, id);
  const asked = await sso.logIn(account);
  expect([asked.status, asked.body.code]).toEqual([401, 'auth.mfa_required']);
  const { mfa_token } = asked.body;
  const done = await sso.app.anonymous.post('/auth/mfa/totp/verify', { mfa_token, code: codeOf(secret) });
  expect(claimsOf(done.body.access_token)).toMatchObject({ sub: id, amr: ['otp', 'mfa'] });

  await using vouching = await startApp({
    oidcProviders: [optionsOf(sso.provider, { isSecondFactor: true })],
  });
  const begun = await vouching.anonymous.get('/auth/okta/login');
  const answer = await sso.provider.logIn(begun.body.authorization_url, account);
  const reply = await vouching.anonymous.get(`/auth/okta/callback?${new URLSearchParams(answer)}`);
  expect(claimsOf(reply.body.access_token)).toMatchObject({ sub: id, amr: ['mfa'] });
  const sessions = await vouching.clientOf(reply.body.access_token).get('/auth/sessions');
  expect(sessions.body.items[0]).toMatchObject({ method: 'single_sign_on', second_factor: 'single_sign_on' });
});
