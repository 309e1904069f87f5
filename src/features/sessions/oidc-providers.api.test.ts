import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type IdentityProvider,
  postLogoutRedirectUri,
  startIdentityProvider,
} from '../../../test/harness/identity-provider.ts';
import { optionsOf, type SingleSignOn, startSingleSignOn } from '../../../test/harness/single-sign-on.ts';
import type { EmailTrust } from '../../platform/auth/oidc-claims.ts';

const tenant = '9188040d-6c67-4c5b-b112-36a304b66dad';
const callbackOf = (name: string) => `http://127.0.0.1:1/api/v1/auth/providers/${name}/callback`;

let first: IdentityProvider;
let second: IdentityProvider;
let sso: SingleSignOn;

beforeAll(async () => {
  first = await startIdentityProvider({ redirectUri: callbackOf('first'), isIdTokenFull: true });
  second = await startIdentityProvider({
    redirectUri: callbackOf('second'),
    isIdTokenFull: true,
    hasNoLogout: true,
  });
  const trusting = (name: string, emailTrust: EmailTrust) => optionsOf(second, { name, emailTrust });
  sso = await startSingleSignOn(
    {},
    {
      oidcProviders: [
        optionsOf(first, { name: 'first', postLogoutRedirectUri }),
        optionsOf(second, { name: 'second' }),
        optionsOf(second, { name: 'tenant', tenant }),
        trusting('hosted', 'hosted_domain'),
        trusting('edov', 'xms_edov'),
        trusting('always', 'always'),
      ],
    },
  );
});
afterAll(async () => {
  await sso[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  await second[Symbol.asyncDispose]();
});

const begin = async (name: string): Promise<string> => {
  const reply = await sso.app.anonymous.get(`/auth/providers/${name}/login`);
  expect(reply.status).toBe(200);
  return reply.body.authorization_url;
};
const finish = (name: string, answer: URLSearchParams) =>
  sso.app.anonymous.get(`/auth/providers/${name}/callback?${answer}`);
const logIn = async (name: string, claims: object, provider = second) => {
  const { email } = await sso.user();
  const account = provider.account({ email, email_verified: true, ...claims });
  const reply = await finish(name, await provider.logIn(await begin(name), account));
  const line = sso.app.log.find(
    ({ request_id: id, reason }) => id === reply.body.request_id && reason !== undefined,
  );
  return [reply.status, line?.['reason']];
};

test('each provider is listed, and lets in whom it knows', async () => {
  const { body } = await sso.app.anonymous.get('/auth/providers');
  expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
    'first',
    'second',
    'tenant',
    'hosted',
    'edov',
    'always',
  ]);
  expect(await logIn('first', {}, first)).toEqual([200, undefined]);
  expect(await logIn('second', {})).toEqual([200, undefined]);
  const unknown = await sso.app.anonymous.get('/auth/providers/third/login');
  expect([unknown.status, unknown.body.code]).toEqual([404, 'oidc.provider_not_found']);
});

test('the paths of v1 are those of the first', async () => {
  const { authorization_url } = await sso.begin();
  expect(new URL(authorization_url).origin).toBe(first.issuer);
  const { email } = await sso.user();
  const answer = await first.logIn(authorization_url, first.account({ email }));
  expect((await sso.finish(answer)).status).toBe(200);
});

describe('an answer of one provider', () => {
  test.each([
    ['comes to the place of another', 'first', 'second'],
    ['of a login with the second comes to the place of the first', 'second', 'first'],
  ])('that %s is refused, and the login spent', async (_, from, to) => {
    const provider = from === 'first' ? first : second;
    const { email } = await sso.user();
    const answer = await provider.logIn(await begin(from), provider.account({ email }));
    expect((await finish(to, answer)).status).toBe(401);
    expect((await finish(from, answer)).status).toBe(401);
  });

  test('for a login that was begun with another one is refused: its code goes to nobody (mix-up)', async () => {
    const { email } = await sso.user();
    const begun = new URL(await begin('second'));
    const swapped = new URL(await begin('first'));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      swapped.searchParams.set(name, begun.searchParams.get(name) ?? '');
    }
    const answer = await first.logIn(swapped.href, first.account({ email }));
    expect(answer.get('code')).toEqual(expect.any(String));
    expect((await finish('second', answer)).status).toBe(401);
    // @NOTE without its name in the answer, too: the second one, which would be asked then, says that it names itself.
    const again = await first.logIn(swapped.href, first.account({ email }));
    again.delete('iss');
    expect((await finish('second', again)).status).toBe(401);
  });

  test('leads nowhere that a request names', async () => {
    for (const name of ['redirect_uri', 'redirect', 'return_to', 'next', 'post_logout_redirect_uri']) {
      const reply = await fetch(
        `${sso.app.url}/api/v1/auth/providers/first/login?${name}=https://evil.example.com`,
        {
          headers: { accept: 'text/html' },
          redirect: 'manual',
        },
      );
      const location = new URL(reply.headers.get('location') ?? '');
      expect([location.origin, location.searchParams.get('redirect_uri')]).toEqual([
        first.issuer,
        callbackOf('first'),
      ]);
    }
  });
});

test.each([
  ['of the directory is let in', { tid: tenant }, [200, undefined]],
  [
    'of another directory is refused',
    { tid: '00000000-0000-4000-8000-000000000000' },
    [401, 'tenant_foreign'],
  ],
  ['that names none is refused', {}, [401, 'tenant_foreign']],
])('with a directory, a token %s', async (_, claims, expected) => {
  expect(await logIn('tenant', claims)).toEqual(expected);
});

describe('an address is believed by', () => {
  test.each([
    ['hosted', { hd: 'example.com' }, [200, undefined]],
    ['hosted', {}, [401, 'email_unverified']],
    ['hosted', { hd: 'evil.example.com' }, [401, 'email_unverified']],
    ['edov', { email_verified: undefined, xms_edov: true }, [200, undefined]],
    ['edov', { email_verified: undefined, xms_edov: false }, [401, 'email_unverified']],
    ['edov', {}, [401, 'email_unverified']],
    ['always', { email_verified: undefined }, [200, undefined]],
    ['always', { email_verified: false }, [401, 'email_unverified']],
    ['second', { email_verified: undefined, xms_edov: true, hd: 'example.com' }, [401, 'email_unverified']],
  ])('%s with %j', async (name, claims, expected) => {
    expect(await logIn(name, claims)).toEqual(expected);
  });
});

describe('the session with a provider', () => {
  const url = '/auth/providers/first/logout';

  test('is ended on its own page, from which it sends people back', async () => {
    const { status, body } = await sso.app.anonymous.get(url);
    expect(status).toBe(200);
    const { origin, searchParams } = new URL(body.logout_url);
    expect([origin, Object.fromEntries(searchParams)]).toEqual([
      first.issuer,
      { client_id: first.client.clientId, post_logout_redirect_uri: postLogoutRedirectUri },
    ]);
    const page = await fetch(body.logout_url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<form')]);
    const browser = await fetch(`${sso.app.url}/api/v1${url}`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, body.logout_url]);
  });

  test('is not known to end where the provider does not say how, or is none', async () => {
    const replies = await Promise.all(
      ['second', 'third'].map((name) => sso.app.anonymous.get(`/auth/providers/${name}/logout`)),
    );
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual([
      [501, 'oidc.logout_unsupported'],
      [404, 'oidc.provider_not_found'],
    ]);
  });
});
