import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reply } from '../../../test/harness/client.ts';
import { type Account, type Claims, signToken } from '../../../test/harness/identity-provider.ts';
import {
  redirectUri,
  type SingleSignOn,
  startSingleSignOn,
  type User,
} from '../../../test/harness/single-sign-on.ts';
import { unique } from '../../../test/harness/tenant.ts';

let sso: SingleSignOn;
let user: User;
let account: Account;

beforeAll(async () => {
  sso = await startSingleSignOn();
});
afterAll(() => sso[Symbol.asyncDispose]());
beforeEach(async () => {
  user = await sso.user();
  account = sso.provider.account({ email: user.email });
});
afterEach(() => {
  sso.provider.forge = undefined;
});

/** Same status, words and headers for all of them; why is in the log, which holds nothing that was sent. */
function expectRefused(reply: Reply, reason: string): void {
  const { request_id, ...problem } = reply.body;
  expect(problem).toEqual({
    type: 'urn:brownie:problem:oidc.login_failed',
    title: 'Unauthorized',
    status: 401,
    detail: 'Single sign-on did not succeed; begin it again, or ask an administrator',
    code: 'oidc.login_failed',
  });
  expect(reply.headers.getSetCookie()).toEqual([]);
  const lines = sso.app.log.filter((line) => line['request_id'] === request_id && 'reason' in line);
  expect(lines).toMatchObject([{ logger: 'brownie.oidc', level: 'warning', reason }]);
}

/** What the provider hands out for a login that is good. */
const answered = async (who: Account = account): Promise<URLSearchParams> =>
  await sso.provider.logIn((await sso.begin()).authorization_url, who);

const changed = (params: URLSearchParams, fields: Readonly<Record<string, string | undefined>>) => {
  const copy = new URLSearchParams(params);
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) {
      copy.delete(name);
    } else {
      copy.set(name, value);
    }
  }
  return copy;
};

test('what these attacks change is good without the change', async () => {
  sso.provider.forge = sso.provider.sign;
  expect((await sso.finish(await answered())).status).toBe(200);
});

describe('a callback', () => {
  test('with a state that nobody began with, or none, is refused', async () => {
    const answer = await answered();
    expectRefused(await sso.finish(changed(answer, { state: 'A'.repeat(43) })), 'state_unknown');
    expectRefused(await sso.finish(changed(answer, { state: undefined })), 'state_unknown');
    expectRefused(await sso.finish({}), 'state_unknown');
    expect((await sso.finish(answer)).status).toBe(200);
  });

  test('works once', async () => {
    const answer = await answered();
    expect((await sso.finish(answer)).status).toBe(200);
    expectRefused(await sso.finish(answer), 'state_unknown');
  });

  test('of many at once with one state, lets one in', async () => {
    const answer = await answered();
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => sso.finish(answer)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  });

  test('after ten minutes is refused', async () => {
    const answer = await answered();
    await sso.expire(answer.get('state') ?? '');
    // @NOTE another login may have taken the row with it.
    expectRefused(await sso.finish(answer), expect.stringMatching(/^state_(expired|unknown)$/));
  });

  test('in another browser than the one that began is refused, and the login is spent', async () => {
    for (const cookieOf of [() => undefined, (other: string) => other, forgedFor]) {
      const own = await sso.open();
      const other = await sso.open();
      const answer = await sso.provider.logIn(own.url, account);
      const cookie = cookieOf(other.cookie, own.cookie);
      expectRefused(await sso.finish(answer, cookie === undefined ? {} : { cookie }), 'other_browser');
      expectRefused(await sso.finish(answer, { cookie: own.cookie }), 'state_unknown');
    }
  });

  test('with the code of another login is refused: its nonce and its verifier are others', async () => {
    const [one, other] = [await answered(), await answered()];
    const swapped = changed(one, { code: other.get('code') ?? '' });
    expectRefused(await sso.finish(swapped), 'invalid_grant');
  });

  test('with the code of another client is refused', async () => {
    const begun = await sso.begin();
    const foreign = new URL(begun.authorization_url);
    foreign.searchParams.set('client_id', sso.provider.otherClient.clientId);
    const answer = await sso.provider.logIn(foreign.href, account);
    expect(answer.get('code')).toEqual(expect.any(String));
    expectRefused(await sso.finish(answer), 'invalid_grant');
  });

  test('with a code that the provider never gave, or none, is refused', async () => {
    expectRefused(await sso.finish(changed(await answered(), { code: 'made-up' })), 'invalid_grant');
    expectRefused(await sso.finish(changed(await answered(), { code: undefined })), 'OAUTH_INVALID_RESPONSE');
  });

  test.each([['https://evil.example.com'], [undefined]])(
    'from an issuer that is not ours (%s) is refused',
    async (iss) => {
      const answer = await answered();
      expect(answer.get('iss')).toBe(sso.provider.issuer);
      expectRefused(await sso.finish(changed(answer, { iss })), 'OAUTH_INVALID_RESPONSE');
    },
  );

  test('that says the provider let nobody in is a 401, and ends the login', async () => {
    const denied = await sso.provider.logIn((await sso.begin()).authorization_url, {
      ...account,
      sub: 'nobody',
    });
    expect(denied.get('error')).toBe('access_denied');
    expectRefused(await sso.finish(denied), 'access_denied');
    expectRefused(await sso.finish(denied), 'state_unknown');
    const made = changed(await answered(), { error: 'eyJ-what-its-sender-wrote' });
    expectRefused(await sso.finish(made), 'unknown_error');
  });

  test('with a parameter twice is not believed', async () => {
    const answer = await answered();
    answer.append('code', 'second');
    const reply = await sso.finish(answer);
    expect([reply.status, reply.body.code]).toEqual([422, 'request.invalid']);
  });
});

/** The name of the one cookie with the value of the other. */
function forgedFor(other: string, own: string): string {
  return `${own.split('=')[0]}=${other.split('=')[1]}`;
}

describe('an ID token', () => {
  const foreignKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const headerOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  const kid = (): string => headerOf(sso.provider.sign({})).kid;
  const signed = (fields: Claims) => (claims: Claims) => sso.provider.sign({ ...claims, ...fields });
  const now = () => Math.floor(Date.now() / 1000);

  const forgeries: Readonly<Record<string, readonly [reason: string, forge: (claims: Claims) => string]>> = {
    unsigned: ['OAUTH_INVALID_RESPONSE', (claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
    'signed by a stranger': ['OAUTH_INVALID_RESPONSE', (claims) => signToken(foreignKey, kid(), claims)],
    'signed by a key that the provider does not have': [
      'OAUTH_KEY_SELECTION_FAILED',
      (claims) => signToken(foreignKey, 'unknown', claims),
    ],
    'changed after it was signed': [
      'OAUTH_INVALID_RESPONSE',
      (claims) => {
        const [header, , signature] = sso.provider.sign(claims).split('.');
        return [header, encoded({ ...claims, sub: 'somebody-else' }), signature].join('.');
      },
    ],
    'for another client': ['OAUTH_JWT_CLAIM_COMPARISON_FAILED', (claims) => signed({ aud: 'other' })(claims)],
    'for several clients, and another one’s': [
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      (claims) => signed({ aud: ['brownie', 'other'], azp: 'other' })(claims),
    ],
    'of another issuer': [
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      (claims) => signed({ iss: 'https://evil.example.com' })(claims),
    ],
    'with the nonce of another login': [
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      (claims) => signed({ nonce: 'N'.repeat(43) })(claims),
    ],
    'without a nonce': ['OAUTH_INVALID_RESPONSE', ({ nonce: _, ...claims }) => sso.provider.sign(claims)],
    'that is over': [
      'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
      (claims) => signed({ exp: now() - 30, iat: now() - 90 })(claims),
    ],
    'that begins later': [
      'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
      (claims) => signed({ nbf: now() + 60 })(claims),
    ],
    'with a subject beyond the standard': [
      'subject_invalid',
      (claims) => signed({ sub: 's'.repeat(256) })(claims),
    ],
  };

  test.each(Object.entries(forgeries))('%s is refused', async (_kind, [reason, forge]) => {
    const answer = await answered();
    sso.provider.forge = forge;
    expectRefused(await sso.finish(answer), reason);
    const { rows } = await sso.app.superuser.query('select from user_identities where user_id = $1', [
      user.id,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('nobody comes in', () => {
  const logIn = async (who: Account): Promise<Reply> => await sso.finish(await answered(who));
  const isLinked = async (id: string): Promise<boolean> =>
    (await sso.app.superuser.query('select from user_identities where user_id = $1', [id])).rowCount !== 0;

  test('whom the provider has not verified, or whose address it does not tell', async () => {
    expectRefused(
      await logIn(sso.provider.account({ ...account, email_verified: false })),
      'email_unverified',
    );
    const text = { ...account, email_verified: 'true' as unknown as boolean };
    expectRefused(await logIn(sso.provider.account(text)), 'email_unverified');
    const { email: _, ...nameless } = account;
    sso.provider.account({ ...nameless, email: undefined as unknown as string });
    expectRefused(await logIn(account), 'email_unverified');
    expect(await isLinked(user.id)).toBe(false);
  });

  test('whom we do not know: no user is made', async () => {
    const email = `${unique('stranger')}@example.com`;
    expectRefused(await logIn(sso.provider.account({ email })), 'user_unknown');
    const { rows } = await sso.app.superuser.query('select from users where email = $1', [email]);
    expect(rows).toEqual([]);
  });

  test.each([
    ['a letter that only looks like it', (email: string) => email.replace('k', '\u212a')],
    ['U+0000', (email: string) => `${email}\u0000`],
    ['a space', (email: string) => ` ${email}`],
  ])('by an address with %s', async (_kind, spelled) => {
    const { id, email } = await sso.user({ email: `${unique('kelvin')}@example.com` });
    expectRefused(await logIn(sso.provider.account({ email: spelled(email) })), 'user_unknown');
    expect(await isLinked(id)).toBe(false);
  });

  test('who is given the address of somebody who is linked already', async () => {
    expect((await logIn(account)).status).toBe(200);
    const successor = sso.provider.account({ email: user.email });
    expectRefused(await logIn(successor), 'user_has_another_identity');
  });

  test('who is deactivated, before the first login or after it', async () => {
    const { id, email } = await sso.user();
    await sso.tenant.owner.client.put(`/users/${id}`, { is_active: false });
    expectRefused(await logIn(sso.provider.account({ email })), 'user_not_admitted');
    expect((await logIn(account)).status).toBe(200);
    await sso.tenant.owner.client.put(`/users/${user.id}`, { is_active: false });
    expectRefused(await logIn(account), 'user_inactive');
    await sso.tenant.owner.client.put(`/users/${user.id}`, { is_active: true });
    expect((await logIn(account)).status).toBe(200);
  });

  test('who is deleted, before the first login or after it', async () => {
    const { id, email } = await sso.user();
    await sso.tenant.owner.client.delete(`/users/${id}`);
    expectRefused(await logIn(sso.provider.account({ email })), 'user_unknown');
    expect((await logIn(account)).status).toBe(200);
    await sso.tenant.owner.client.delete(`/users/${user.id}`);
    expectRefused(await logIn(account), 'user_unknown');
  });
});

test('nothing in a request changes where a browser is sent, to log in or to come back', async () => {
  const evil = encodeURIComponent('https://evil.example.com');
  const query = ['redirect_uri', 'next', 'return_to', 'state', 'iss']
    .map((name) => `${name}=${evil}`)
    .join('&');
  const reply = await fetch(`${sso.app.url}/api/v1/okta/login?${query}`, {
    headers: { accept: 'text/html', 'x-forwarded-host': 'evil.example.com', 'x-forwarded-proto': 'https' },
    redirect: 'manual',
  });
  const location = new URL(reply.headers.get('location') ?? '');
  expect([reply.status, location.origin, location.searchParams.get('redirect_uri')]).toEqual([
    302,
    sso.provider.issuer,
    redirectUri,
  ]);
  expect(location.href).not.toContain('evil');
});

test('failures are counted by reason', async () => {
  const counts = async () => {
    const lines = (await sso.app.app.metrics.registry.metrics()).split('\n');
    return ['sso_rejected', 'sso_unknown_user', 'inactive_user'].map((reason) =>
      Number(lines.find((line) => line.includes(`reason="${reason}"`))?.split(' ')[1]),
    );
  };
  const [rejected = 0, unknown = 0, inactive = 0] = await counts();
  await sso.finish({});
  await sso.finish(await answered(sso.provider.account({})));
  expect(await counts()).toEqual([rejected + 1, unknown + 1, inactive]);
});

test('the log holds no code, state, token, claim or cookie', async () => {
  const { url, cookie } = await sso.open();
  const answer = await sso.provider.logIn(url, account);
  const reply = await sso.finish(answer, { cookie });
  expect(reply.status).toBe(200);
  const log = JSON.stringify(sso.app.log);
  const { searchParams } = new URL(url);
  const secrets = [
    answer.get('code'),
    answer.get('state'),
    searchParams.get('nonce'),
    searchParams.get('code_challenge'),
    cookie.split('=')[1],
    account.sub,
    account.email,
    'eyJ',
  ];
  for (const secret of secrets) {
    expect(secret).toEqual(expect.any(String));
    expect(log).not.toContain(secret);
  }
});
