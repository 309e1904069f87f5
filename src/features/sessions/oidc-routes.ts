import { ApiError } from '../../platform/errors/api-error.ts';
import { publicRoute, type Route } from '../../platform/http/route.ts';
import type { OidcService } from './oidc-service.ts';
import {
  AccessToken,
  OidcLogin,
  ProviderCallback,
  ProviderList,
  ProviderLogin,
  ProviderLogout,
  ProviderPath,
} from './session-schemas.ts';

/** The two families of paths that v1 has, and the words of each for a service without a provider. */
const families = [
  {
    path: '/auth/okta',
    operation: 'okta',
    detail: 'Okta login is not implemented on this service: no provider is set',
  },
  { path: '/okta', operation: 'oidc', detail: 'Okta is not configured on this service' },
] as const;

const tag = 'Identity';
const beginning =
  'Open `authorization_url`, and compare `state` with the one that comes back. To a browser (`Accept` prefers `text/html`) ' +
  'this is a redirect, and a cookie that only this browser can finish the login with. It must be finished within 10 minutes. ';
const finishing =
  'Where the provider sends the browser back to. Each `state` is good for one call, whatever comes of it. Whoever logs in ' +
  'the first time is recognized by their e-mail address, which the provider and this service must both have verified; a user ' +
  'is made only of an organization that has the domain of the address. ';

/** Single sign-on: the paths of v1, which are the first provider's, and those that name one. */
export const oidcRoutes = (oidc: OidcService | undefined): Route[] => [
  ...firstProviderRoutes(oidc),
  ...namedProviderRoutes(oidc),
];

const namedProviderRoutes = (oidc: OidcService | undefined): Route[] => {
  const service = (): OidcService => {
    if (oidc === undefined) {
      throw new ApiError('oidc.provider_not_found');
    }
    return oidc;
  };
  return [
    publicRoute({
      method: 'GET',
      url: '/auth/providers',
      operationId: 'listProviders',
      tag,
      summary: 'List the providers that people can log in with',
      permission: 'public',
      status: 200,
      reply: ProviderList,
      handle: async () => oidc?.list() ?? { items: [] },
    }),
    publicRoute({
      method: 'GET',
      url: '/auth/providers/:provider/login',
      operationId: 'providerLogin',
      tag,
      summary: 'Begin a login through one of several providers',
      description: beginning,
      permission: 'public',
      params: ProviderPath,
      query: ProviderLogin,
      status: 200,
      reply: OidcLogin,
      redirects: true,
      errors: ['oidc.provider_not_found', 'rate.limited', 'oidc.unavailable'],
      handle: async ({ caller, params }) => await service().begin(caller, params.provider),
    }),
    publicRoute({
      method: 'GET',
      url: '/auth/providers/:provider/callback',
      operationId: 'providerCallback',
      tag,
      summary: 'Finish a login through one of several providers',
      description: `${finishing}What another provider answers is refused here.`,
      permission: 'public',
      params: ProviderPath,
      query: ProviderCallback,
      status: 200,
      reply: AccessToken,
      errors: [
        'oidc.provider_not_found',
        'oidc.login_failed',
        'auth.mfa_required',
        'service.maintenance',
        'oidc.unavailable',
      ],
      handle: async ({ caller, params, query }) => await service().finish(caller, query, params.provider),
    }),
    publicRoute({
      method: 'GET',
      url: '/auth/providers/:provider/logout',
      operationId: 'providerLogout',
      tag,
      summary: 'End the session with a provider',
      description:
        'Where a browser goes after `POST /auth/logout`, so that the next login does not succeed without a word (OpenID Connect RP-Initiated Logout 1.0). To a browser ' +
        '(`Accept` prefers `text/html`) this is a redirect. The provider asks the person, and sends them to `METADATA_OIDC_POST_LOGOUT_REDIRECT_URI`, where that is set. ' +
        'Sessions here are not touched.',
      permission: 'public',
      params: ProviderPath,
      status: 200,
      reply: ProviderLogout,
      redirects: true,
      errors: ['oidc.provider_not_found', 'rate.limited', 'oidc.unavailable', 'oidc.logout_unsupported'],
      handle: async ({ caller, params }) => await service().logOut(caller, params.provider),
    }),
  ];
};

/** 501 where there is no provider. */
const firstProviderRoutes = (oidc: OidcService | undefined): Route[] =>
  families.flatMap(({ path, operation, detail }) => {
    const service = (): OidcService => {
      if (oidc === undefined) {
        throw new ApiError('oidc.not_configured', { detail });
      }
      return oidc;
    };
    return [
      publicRoute({
        method: 'GET',
        url: `${path}/login`,
        operationId: `${operation}Login`,
        tag,
        summary: 'Begin a login through an OpenID Connect provider',
        description: `${beginning}Answers 501 where no provider is configured.`,
        permission: 'public',
        query: ProviderLogin,
        status: 200,
        reply: OidcLogin,
        redirects: true,
        errors: ['rate.limited', 'oidc.unavailable', 'oidc.not_configured'],
        handle: async ({ caller }) => await service().begin(caller),
      }),
      publicRoute({
        method: 'GET',
        url: `${path}/callback`,
        operationId: `${operation}Callback`,
        tag,
        summary: 'Finish a login through an OpenID Connect provider',
        description: `${finishing}Answers 501 where no provider is configured.`,
        permission: 'public',
        query: ProviderCallback,
        status: 200,
        reply: AccessToken,
        errors: [
          'oidc.login_failed',
          'auth.mfa_required',
          'service.maintenance',
          'oidc.unavailable',
          'oidc.not_configured',
        ],
        handle: async ({ caller, query }) => await service().finish(caller, query),
      }),
    ];
  });
