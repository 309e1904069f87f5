import { ApiError } from '../../platform/errors/api-error.ts';
import { publicRoute, type Route } from '../../platform/http/route.ts';
import type { OidcService } from './oidc-service.ts';
import { AccessToken, OidcLogin, ProviderCallback, ProviderLogin } from './session-schemas.ts';

/** The two families of paths that v1 has, and the words of each for a service without a provider. */
const families = [
  {
    path: '/auth/okta',
    operation: 'okta',
    detail: 'Okta login is not implemented on this service: no provider is set',
  },
  { path: '/okta', operation: 'oidc', detail: 'Okta is not configured on this service' },
] as const;

/** Single sign-on; 501 where there is no provider. */
export const oidcRoutes = (oidc: OidcService | undefined): Route[] =>
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
        tag: 'Identity',
        summary: 'Begin a login through an OpenID Connect provider',
        description:
          'Open `authorization_url`, and compare `state` with the one that comes back. To a browser (`Accept` prefers `text/html`) ' +
          'this is a redirect, and a cookie that only this browser can finish the login with. It must be finished within 10 minutes. ' +
          'Answers 501 where no provider is configured.',
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
        tag: 'Identity',
        summary: 'Finish a login through an OpenID Connect provider',
        description:
          'Where the provider sends the browser back to. Each `state` is good for one call, whatever comes of it. Whoever logs in ' +
          'the first time is recognized by their e-mail address, which the provider and this service must both have verified; no user ' +
          'is made. Answers 501 where no provider is configured.',
        permission: 'public',
        query: ProviderCallback,
        status: 200,
        reply: AccessToken,
        errors: ['oidc.login_failed', 'service.maintenance', 'oidc.unavailable', 'oidc.not_configured'],
        handle: async ({ caller, query }) => await service().finish(caller, query),
      }),
    ];
  });
