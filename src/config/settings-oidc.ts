import { text } from './kinds.ts';
import { issuerUrl, redirectUri } from './oidc-kinds.ts';
import { secretText } from './secret-kinds.ts';
import { optionalSetting } from './setting.ts';

const section = 'oidc';

export const oidcSettings = {
  oidcIssuer: optionalSetting(issuerUrl(), {
    name: 'METADATA_OIDC_ISSUER',
    section,
    absent: 'not set: no single sign-on',
    description:
      'The OpenID Connect provider that people log in with, as it names itself; its `/.well-known/openid-configuration` says the rest. ' +
      'The four settings here go together: all of them, or none. `http://` is taken on loopback addresses only.',
    example: 'https://acme.okta.com',
  }),
  oidcClientId: optionalSetting(text('any text'), {
    name: 'METADATA_OIDC_CLIENT_ID',
    section,
    absent: 'not set',
    description: 'The id under which the provider knows this service.',
    example: '0oa1b2c3d4E5F6g7h8i9',
  }),
  oidcClientSecret: optionalSetting(secretText('text'), {
    name: 'METADATA_OIDC_CLIENT_SECRET',
    section,
    absent: 'not set',
    description: 'The secret that the provider gave with it.',
    example: '"$(cat client-secret)"',
  }),
  oidcRedirectUri: optionalSetting(redirectUri(), {
    name: 'METADATA_OIDC_REDIRECT_URI',
    section,
    absent: 'not set',
    description:
      'Where the provider sends browsers back to, exactly as it is registered there: `/api/v1/auth/okta/callback` of this service, or a ' +
      'page of yours that hands `code` and `state` on to it.',
    example: 'https://api.example.com/api/v1/auth/okta/callback',
  }),
};
