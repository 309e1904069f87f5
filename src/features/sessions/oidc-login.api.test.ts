import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reply } from '../../../test/harness/client.ts';
import { claimsOf, startIdentityProvider } from '../../../test/harness/identity-provider.ts';
import {
  families,
  optionsOf,
  redirectUri,
  type SingleSignOn,
  startSingleSignOn,
} from '../../../test/harness/single-sign-on.ts';
import { auditOf } from '../../platform/audit/audit-trail.fixture.ts';
import { createLogger } from '../../platform/observability/logger.ts';

let sso: SingleSignOn;

beforeAll(async () => {
  sso = await startSingleSignOn();
});
afterAll(() => sso[Symbol.asyncDispose]());

const identitiesOf = async (userId: string) =>
  (
    await sso.app.superuser.query('select issuer, subject, org_id from user_identities where user_id = $1', [
      userId,
    ])
  ).rows;
const pending = async (state: string) =>
  (await sso.app.superuser.query('select from oidc_logins where state_hash = sha256($1::bytea)', [state]))
    .rowCount;
const counted = async (series: string): Promise<number> => {
  const text = await sso.app.app.metrics.registry.metrics();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1] ?? Number.NaN,
  );
};

describe.each(families)('%s, with a provider', (family) => {
  test('a program is given the address to open and the state, and then a token', async () => {
    const { id, email } = await sso.user();
    const account = sso.provider.account({ email });
    const begun = await sso.begin(family);
    const url = new URL(begun.authorization_url);
    expect(url.origin).toBe(sso.provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'brownie',
      redirect_uri: redirectUri,
      scope: 'openid email',
      state: begun.state,
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    const answer = await sso.provider.logIn(begun.authorization_url, account);
    expect(answer.get('state')).toBe(begun.state);
    const issued = await counted('jwt_tokens_issued_total');
    const reply = await sso.finish(answer, { family });
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
    expect(await counted('jwt_tokens_issued_total')).toBe(issued + 1);
    const client = sso.app.clientOf(reply.body.access_token);
    expect((await client.get('/auth/me')).body).toMatchObject({ id, email, org_id: sso.tenant.orgId });
    expect((await client.get('/okta/userinfo')).body).toMatchObject({ sub: id, email, email_verified: true });
  });

  test('a browser is sent to the provider with a cookie of its own, and comes back with it', async () => {
    const { id, email } = await sso.user();
    const { url, setCookie, cookie } = await sso.open(family);
    expect(setCookie).toMatch(
      /^brownie-login-[0-9a-f]{16}=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
    const answer = await sso.provider.logIn(url, sso.provider.account({ email }));
    const reply = await sso.finish(answer, { family, cookie: `theme=dark; ${cookie}` });
    expect(reply.status).toBe(200);
    expect(claimsOf(reply.body.access_token)).toMatchObject({ sub: id, email });
  });
});

/** The audit entries of a login, but for the one that says it was one. */
const changesOf = async (reply: Reply) =>
  (await auditOf(sso.app.superuser, reply)).filter(({ action }) => action !== 'session.begun');

describe('the first login', () => {
  test('links the subject to the user, once, with an entry in the audit trail', async () => {
    const { id, email } = await sso.user();
    const account = sso.provider.account({ email: email.toUpperCase() });
    // As by a clock that was set back since: the link is after whatever the trail knows of the user.
    const { rows } = await sso.app.superuser.query<{ at: Date }>(
      `update audit_events set occurred_at = occurred_at + interval '1 hour' where resource_id = $1
       returning occurred_at + interval '1 ms' as at`,
      [id],
    );
    const first = await sso.logIn(account);
    expect(first.status).toBe(200);
    const link = { issuer: sso.provider.issuer, subject: account.sub };
    expect(await identitiesOf(id)).toEqual([{ ...link, org_id: sso.tenant.orgId }]);
    expect(await changesOf(first)).toMatchObject([
      {
        org_id: sso.tenant.orgId,
        action: 'user.identity_linked',
        actor_type: 'user',
        actor_id: id,
        resource_type: 'user',
        resource_id: id,
        before: null,
        after: link,
        address: '127.0.0.1',
      },
    ]);
    const linked = await sso.app.superuser.query(
      `select occurred_at as at from audit_events where resource_id = $1 and action = 'user.identity_linked'`,
      [id],
    );
    expect(linked.rows).toEqual(rows);
    const second = await sso.logIn(account);
    expect([second.status, await changesOf(second)]).toEqual([200, []]);
    expect(await identitiesOf(id)).toHaveLength(1);
  });

  test('in several tabs at once links once and lets all of them in', async () => {
    const { id, email } = await sso.user();
    const account = sso.provider.account({ email });
    const replies = await Promise.all([1, 2, 3, 4].map(() => sso.logIn(account)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await identitiesOf(id)).toHaveLength(1);
    const entries = await Promise.all(replies.map(changesOf));
    expect(entries.flat()).toHaveLength(1);
  });

  test('takes the address from the ID token where the provider puts it there', async () => {
    await using full = await startSingleSignOn({ isIdTokenFull: true });
    const { email } = await full.user();
    expect((await full.logIn(full.provider.account({ email }))).status).toBe(200);
  });
});

describe('a provider whose ID token does not say whether the address is verified', () => {
  let split: SingleSignOn;
  beforeAll(async () => {
    split = await startSingleSignOn({ isIdTokenFull: true });
    // @NOTE as Okta's org authorization server does.
    split.provider.forge = ({ email_verified: _, ...claims }) => split.provider.sign(claims);
  });
  afterAll(() => split[Symbol.asyncDispose]());

  test('is asked at its userinfo endpoint', async () => {
    const { id, email } = await split.user();
    const reply = await split.logIn(split.provider.account({ email }));
    expect([reply.status, claimsOf(reply.body.access_token)['sub']]).toEqual([200, id]);
  });

  test.each([
    ['says no', { email_verified: false }],
    ['is silent, too', { email_verified: undefined as unknown as boolean }],
    ['says so in a text', { email_verified: 'true' as unknown as boolean }],
  ])('is not believed where that %s', async (_, fields) => {
    const { email } = await split.user();
    const reply = await split.logIn(split.provider.account({ email, ...fields }));
    expect([reply.status, reply.body.code]).toEqual([401, 'oidc.login_failed']);
  });

  test('is not believed where that speaks of another address', async () => {
    const { email } = await split.user();
    const account = split.provider.account({ email: 'other@example.com' });
    const { forge } = split.provider;
    split.provider.forge = ({ email_verified: _, ...claims }) => split.provider.sign({ ...claims, email });
    const reply = await split.logIn(account);
    split.provider.forge = forge;
    expect([reply.status, reply.body.code]).toEqual([401, 'oidc.login_failed']);
  });
});

test('an explicit no of the ID token stays one, whatever the userinfo endpoint says', async () => {
  const { email } = await sso.user();
  const account = sso.provider.account({ email });
  // @NOTE it names no address, so that the endpoint is asked for it.
  sso.provider.forge = (claims) => sso.provider.sign({ ...claims, email_verified: false });
  const reply = await sso.logIn(account);
  sso.provider.forge = undefined;
  expect([reply.status, reply.body.code]).toEqual([401, 'oidc.login_failed']);
  expect((await sso.logIn(account)).status).toBe(200);
});

test('who is linked is known by the subject from then on, whatever becomes of the addresses', async () => {
  const { id, email } = await sso.user();
  const account = sso.provider.account({ email });
  expect((await sso.logIn(account)).status).toBe(200);
  await sso.app.superuser.query('update users set email = $1 where id = $2', [`new-${email}`, id]);
  sso.provider.account({ sub: account.sub, email: `other-${email}`, email_verified: false });
  const reply = await sso.logIn(account);
  expect([reply.status, claimsOf(reply.body.access_token)['sub']]).toEqual([200, id]);
});

test('any instance finishes what another one began', async () => {
  await using other = await startSingleSignOn({}, { oidcProviders: [optionsOf(sso.provider)] });
  const { email } = await sso.user();
  const { authorization_url } = await sso.begin();
  const answer = await sso.provider.logIn(authorization_url, sso.provider.account({ email }));
  expect((await other.finish(answer)).status).toBe(200);
});

test('a login that was begun and not finished is removed by a later one', async () => {
  const { state } = await sso.begin();
  await sso.expire(state);
  expect(await pending(state)).toBe(1);
  await sso.begin();
  await expect.poll(() => pending(state)).toBe(0);
});

test('an address may begin so many logins a minute', async () => {
  const logger = createLogger({ level: 'CRITICAL', destination: { write: () => undefined } });
  const http = { logger, corsOrigins: [], trustedProxies: ['127.0.0.1'] };
  await using limited = await startSingleSignOn({}, { http });
  const network = `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}`;
  const begin = (path: string) =>
    limited.app.anonymous.get(path, { headers: { 'x-forwarded-for': `${network}::1` } });
  expect((await begin('/okta/login')).status).toBe(200);
  // @NOTE one less than the harness's limit, counted for all instances.
  await limited.app.superuser.query(
    `update login_attempts set failures = 99999 where bucket = login_bucket('single-sign-on', $1, '')`,
    [`${network}::/64`.replace(/:0+(?=[0-9a-f])/g, ':')],
  );
  expect((await begin('/auth/okta/login')).status).toBe(200);
  const reply = await begin('/okta/login');
  expect([reply.status, reply.body.code]).toEqual([429, 'rate.limited']);
  expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
});

describe('a provider that is away', () => {
  test('is told as 503, to begin with and on the way back, and does not keep the service from starting', async () => {
    const gone = await startIdentityProvider({ redirectUri });
    await using away = await startSingleSignOn({}, { oidcProviders: [optionsOf(gone)] });
    const begun = await away.begin();
    const answer = await gone.logIn(begun.authorization_url, gone.account({}));
    await gone[Symbol.asyncDispose]();
    const back = await away.finish(answer);
    expect([back.status, back.body.code]).toEqual([503, 'oidc.unavailable']);
    expect(Number(back.headers.get('retry-after'))).toBeGreaterThan(0);

    await using never = await startSingleSignOn({}, { oidcProviders: [optionsOf(gone)] });
    const reply = await never.app.anonymous.get('/okta/login');
    expect([reply.status, reply.body.code]).toEqual([503, 'oidc.unavailable']);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(never.app.log).toContainEqual(
      expect.objectContaining({ logger: 'brownie.oidc', level: 'warning', reason: 'ECONNREFUSED' }),
    );

    const port = Number(new URL(gone.issuer).port);
    await using _returned = await startIdentityProvider({ redirectUri, port });
    expect((await never.app.anonymous.get('/okta/login')).status).toBe(200);
  });

  test('that names itself otherwise than the configuration does is not used', async () => {
    const issuer = sso.provider.issuer.replace('127.0.0.1', 'localhost');
    await using wrong = await startSingleSignOn({}, { oidcProviders: [optionsOf(sso.provider, { issuer })] });
    const reply = await wrong.app.anonymous.get('/okta/login');
    expect([reply.status, reply.body.code]).toEqual([503, 'oidc.unavailable']);
  });

  test('or does not know our secret is told as 503, for no user can mend it', async () => {
    const oidcProviders = [optionsOf(sso.provider, { clientSecret: 'of-last-year' })];
    await using wrong = await startSingleSignOn({}, { oidcProviders });
    const begun = await wrong.begin();
    const answer = await sso.provider.logIn(begun.authorization_url, sso.provider.account({}));
    const reply = await wrong.finish(answer);
    expect([reply.status, reply.body.code]).toEqual([503, 'oidc.unavailable']);
  });
});
