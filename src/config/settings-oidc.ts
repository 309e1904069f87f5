import { flag, oneOf, text } from './kinds.ts';
import { emailTrusts, providerList, providerName, scopeList, usualScopes } from './oidc-kinds.ts';
import { secretText } from './secret-kinds.ts';
import { optionalSetting, setting } from './setting.ts';
import { issuerUrl, redirectUri } from './url-kinds.ts';

export const oidcSettings = {
  oidcIssuer: optionalSetting(issuerUrl(), {
    name: 'METADATA_OIDC_ISSUER',
    section: 'oidc',
    absent: 'not set: no single sign-on',
    description:
      'The OpenID Connect provider that people log in with, as it names itself; its `/.well-known/openid-configuration` says the rest. ' +
      'The first four settings here go together: all of them, or none. `http://` is taken on loopback addresses only. What to enter for which provider: ' +
      '[single-sign-on.md](single-sign-on.md).',
    example: 'https://acme.okta.com',
  }),
  oidcClientId: optionalSetting(text('any text'), {
    name: 'METADATA_OIDC_CLIENT_ID',
    section: 'oidc',
    absent: 'not set',
    description: 'The id under which the provider knows this service.',
    example: '0oa1b2c3d4E5F6g7h8i9',
  }),
  oidcClientSecret: optionalSetting(secretText('text'), {
    name: 'METADATA_OIDC_CLIENT_SECRET',
    section: 'oidc',
    absent: 'not set',
    description: 'The secret that the provider gave with it.',
    example: '"$(cat client-secret)"',
  }),
  oidcRedirectUri: optionalSetting(redirectUri(), {
    name: 'METADATA_OIDC_REDIRECT_URI',
    section: 'oidc',
    absent: 'not set',
    description:
      'Where the provider sends browsers back to, exactly as it is registered there: `/api/v1/auth/okta/callback` of this service, or a ' +
      'page of yours that hands `code` and `state` on to it.',
    example: 'https://api.example.com/api/v1/auth/okta/callback',
  }),
  oidcName: setting(providerName(), {
    name: 'METADATA_OIDC_NAME',
    section: 'oidc',
    default: 'default',
    description: 'What this provider is called in paths, claims of domains and logs.',
    example: 'okta',
  }),
  oidcScopes: setting(scopeList(), {
    name: 'METADATA_OIDC_SCOPES',
    section: 'oidc',
    default: usualScopes,
    description:
      'What is asked of the provider, with spaces between; `groups`, too, where it wants to be asked for them.',
    example: 'openid email profile',
  }),
  oidcEmailTrust: setting(oneOf(emailTrusts), {
    name: 'METADATA_OIDC_EMAIL_TRUST',
    section: 'oidc',
    default: 'email_verified',
    description:
      'What says that the provider has verified an address: its claim `email_verified`; `hosted_domain`: that, and Google’s `hd`, which names the domain; Entra ID’s `xms_edov`; or ' +
      '`always`, for a provider of your own in which nobody sets their own address.',
    example: 'xms_edov',
  }),
  oidcTenant: optionalSetting(text('any text'), {
    name: 'METADATA_OIDC_TENANT',
    section: 'oidc',
    absent: 'the one that an issuer of Entra ID names',
    description: 'The directory of Entra ID that must have issued a token (`tid`).',
    example: '9188040d-6c67-4c5b-b112-36a304b66dad',
  }),
  oidcSecondFactor: setting(flag(), {
    name: 'METADATA_OIDC_SECOND_FACTOR',
    section: 'oidc',
    default: false,
    description:
      'Whether a login through the provider counts as a second factor: where the provider itself asks for one, of everybody.',
    example: 'true',
  }),
  oidcGroupsClaim: setting(text('any text'), {
    name: 'METADATA_OIDC_GROUPS_CLAIM',
    section: 'oidc',
    default: 'groups',
    description: 'The claim that lists the groups of a person.',
    example: 'roles',
  }),
  oidcPostLogoutRedirectUri: optionalSetting(redirectUri(), {
    name: 'METADATA_OIDC_POST_LOGOUT_REDIRECT_URI',
    section: 'oidc',
    absent: 'not set: people stay at the provider',
    description:
      'Where the provider sends browsers back to once it has ended its own session, exactly as it is registered there.',
    example: 'https://brownie.example.com/signed-out',
  }),
  oidcProviders: optionalSetting(providerList(), {
    name: 'METADATA_OIDC_PROVIDERS',
    section: 'oidc',
    absent: 'not set: none but the one above',
    description:
      'Further providers, as a JSON list of objects with `name`, `issuer`, `client_id`, `client_secret`, `redirect_uri` (each one of its own: ' +
      '`/api/v1/auth/providers/<name>/callback`), and, where they differ from the defaults above, `scopes`, `email_trust`, `tenant`, `groups_claim`, `second_factor`, `post_logout_redirect_uri`.',
    example:
      `[{"name":"entra","issuer":"https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0","client_id":"6731de76-14a6-49ae-97bc-6eba6914391e",` +
      `"client_secret":"…","redirect_uri":"https://api.example.com/api/v1/auth/providers/entra/callback","email_trust":"xms_edov"}]`,
  }),
};
