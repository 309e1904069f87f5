import { expect } from 'vitest';
import type { OidcProviderOptions } from '../../src/platform/auth/oidc-provider.ts';
import type { AppDependencies } from '../../src/service/app.ts';
import { startApp, type TestApp } from './app.ts';
import type { Reply } from './client.ts';
import {
  type Account,
  type IdentityProvider,
  type IdentityProviderOptions,
  startIdentityProvider,
} from './identity-provider.ts';
import { newTenant, type Tenant, unique } from './tenant.ts';

/** The two families of paths. */
export const families = ['/auth/okta', '/okta'] as const;
export type Family = (typeof families)[number];

export const redirectUri = 'http://127.0.0.1:1/api/v1/auth/okta/callback';

/** A service with a provider of single sign-on, and a tenant. */
export interface SingleSignOn extends AsyncDisposable {
  readonly app: TestApp;
  readonly provider: IdentityProvider;
  readonly tenant: Tenant;
  /** A user of the tenant who has proved their address, unless `fields` say otherwise. */
  user(fields?: { readonly email?: string; readonly is_verified?: boolean }): Promise<User>;
  /** Begins a login as a program does. */
  begin(family?: Family): Promise<{ readonly authorization_url: string; readonly state: string }>;
  /** Begins a login as a browser does. */
  open(
    family?: Family,
  ): Promise<{ readonly url: string; readonly setCookie: string; readonly cookie: string }>;
  finish(params: URLSearchParams | Readonly<Record<string, string>>, options?: FinishOptions): Promise<Reply>;
  /** Lets ten minutes pass for the login with this state. */
  expire(state: string): Promise<void>;
  /** A whole login, as a program does it. */
  logIn(account: Account): Promise<Reply>;
}

export interface User {
  readonly id: string;
  readonly email: string;
}

export interface FinishOptions {
  readonly family?: Family;
  readonly cookie?: string;
}

/** What the service is configured with for a provider. */
export const optionsOf = (
  { client }: Pick<IdentityProvider, 'client'>,
  fields: Partial<OidcProviderOptions> = {},
): OidcProviderOptions => ({
  ...client,
  name: 'default',
  scopes: 'openid email',
  emailTrust: 'email_verified',
  tenant: undefined,
  isSecondFactor: false,
  postLogoutRedirectUri: undefined,
  groupsClaim: 'groups',
  ...fields,
});

export async function startSingleSignOn(
  options: Partial<IdentityProviderOptions> = {},
  overrides: Partial<AppDependencies> = {},
): Promise<SingleSignOn> {
  const provider = await startIdentityProvider({ redirectUri, ...options });
  const app = await startApp({ oidcProviders: [optionsOf(provider)], ...overrides });
  const tenant = await newTenant(app);
  const started: SingleSignOn = {
    app,
    provider,
    tenant,
    async user({ email, is_verified = true } = {}) {
      const name = unique('sso');
      const body = {
        email: email ?? `${name}@example.com`,
        username: name,
        team_id: tenant.teamId,
      };
      const reply = await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, body);
      expect(reply.status).toBe(200);
      if (is_verified) {
        await app.superuser.query('update users set verified_email = email where id = $1', [reply.body.id]);
      }
      return { id: reply.body.id, email: body.email };
    },
    async begin(family = '/auth/okta') {
      const reply = await app.anonymous.get(`${family}/login`);
      expect(reply.status).toBe(200);
      return reply.body;
    },
    async open(family = '/auth/okta') {
      const reply = await fetch(`${app.url}/api/v1${family}/login`, {
        headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
        redirect: 'manual',
      });
      expect([reply.status, await reply.text()]).toEqual([302, '']);
      const setCookie = reply.headers.getSetCookie().join('\n');
      return {
        url: reply.headers.get('location') ?? '',
        setCookie,
        cookie: setCookie.split(';')[0] ?? '',
      };
    },
    finish: (params, { family = '/auth/okta', cookie } = {}) =>
      app.anonymous.get(`${family}/callback?${new URLSearchParams(params)}`, {
        headers: cookie === undefined ? {} : { cookie },
      }),
    async expire(state) {
      const { rowCount } = await app.superuser.query(
        `update oidc_logins set created_at = created_at - interval '10 minutes', expires_at = expires_at - interval '10 minutes'
         where state_hash = sha256($1::bytea)`,
        [state],
      );
      expect(rowCount).toBe(1);
    },
    async logIn(account) {
      const { authorization_url } = await started.begin();
      return await started.finish(await provider.logIn(authorization_url, account));
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
  return started;
}
