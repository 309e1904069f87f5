import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant, password, type Tenant } from '../harness/tenant.ts';
import { Browser, servePage } from './browser.ts';

let page: Awaited<ReturnType<typeof servePage>>;
let browser: Browser;
let app: TestApp;
let tenant: Tenant;
let authenticatorId: unknown;

/** What the page does with options as the API answers them, as docs/second-factor.md says. */
const make = (options: object) =>
  browser.run(
    `navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)}) })
       .then((credential) => credential.toJSON())`,
  );
const sign = (options: object) =>
  browser.run(
    `navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)}) })
       .then((credential) => credential.toJSON())`,
  );

beforeAll(async () => {
  page = await servePage();
  app = await startApp({ passkeys: { origins: [page.origin], rpId: 'localhost' } });
  tenant = await newTenant(app);
  browser = await Browser.open();
  await browser.goTo(`${page.origin}/`);
  await browser.send('WebAuthn.enable');
  ({ authenticatorId } = await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
  await page[Symbol.asyncDispose]();
});

test('a browser adds a passkey, logs in by it, takes it as a second step, and by it removes it', async () => {
  const { owner } = tenant;
  const begun = await app.anonymous.post('/auth/login', { email: owner.email, password });
  const client = app.clientOf(begun.body.access_token);
  const proposed = await client.post('/auth/mfa/passkeys', { current_password: password });
  const credential = await make(proposed.body);
  const added = await client.post('/auth/mfa/passkeys/confirm', { name: 'Chromium', credential });
  expect(added.status, JSON.stringify(added.body)).toBe(200);
  expect(added.body.recovery_codes).toHaveLength(10);

  const alone = await app.anonymous.post('/auth/passkeys/challenge', {});
  const done = await app.anonymous.post('/auth/passkeys/verify', { passkey: await sign(alone.body) });
  expect(done.status, JSON.stringify(done.body)).toBe(200);
  expect((await app.clientOf(done.body.access_token).get('/auth/me')).body.email).toBe(owner.email);

  const { mfa_token } = (await app.anonymous.post('/auth/login', { email: owner.email, password })).body;
  const second = await app.anonymous.post('/auth/passkeys/challenge', { mfa_token });
  const passkey = await sign(second.body);
  expect((await app.anonymous.post('/auth/passkeys/verify', { mfa_token, passkey })).status).toBe(200);
  expect((await app.anonymous.post('/auth/passkeys/verify', { mfa_token, passkey })).status).toBe(401);

  // @NOTE the browser itself refuses a second passkey in an authenticator that has one.
  const again = await client.post('/auth/mfa/passkeys', { current_password: password });
  await expect(make(again.body)).rejects.toThrow('InvalidStateError');

  // @NOTE and an authenticator that cannot make sure who it is.
  await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  const unsure = await app.anonymous.post('/auth/passkeys/challenge', {});
  await expect(sign({ ...unsure.body, timeout: 1_000 })).rejects.toThrow('NotAllowedError');
  const weaker = await sign({ ...unsure.body, userVerification: 'discouraged' });
  const refused = await app.anonymous.post('/auth/passkeys/verify', { passkey: weaker });
  expect([refused.status, refused.body.code]).toEqual([401, 'auth.passkey_invalid']);
  await browser.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });

  const proof = await sign((await client.post('/auth/mfa/passkeys/challenge')).body);
  const path = `/auth/mfa/passkeys/${added.body.passkey.id}/remove`;
  expect((await client.post(path, { passkey: proof })).status).toBe(204);
  expect((await app.anonymous.post('/auth/login', { email: owner.email, password })).status).toBe(200);
}, 120_000);
