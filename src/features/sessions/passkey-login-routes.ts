import { publicRoute, type Route } from '../../platform/http/route.ts';
import { exampleAssertion, RequestOptions } from '../second-factor/index.ts';
import type { PasskeyLogin } from './passkey-login.ts';
import { AccessToken, PasskeyChallenge, PasskeyProof } from './session-schemas.ts';

const tag = 'Identity';

export const passkeyLoginRoutes = (passkeys: PasskeyLogin): Route[] => [
  publicRoute({
    method: 'POST',
    url: '/auth/passkeys/challenge',
    operationId: 'beginPasskeyLogin',
    tag,
    summary: 'Begin a login by a passkey, or its second step',
    description:
      'Answers what the browser asks an authenticator for. With the `mfa_token` of a login that answered 401 `auth.mfa_required`, one of that person’s passkeys; else any ' +
      'passkey that knows whose it is. Without METADATA_PASSKEY_ORIGIN: 501.',
    permission: 'public',
    body: PasskeyChallenge,
    example: {},
    status: 200,
    reply: RequestOptions,
    errors: ['auth.mfa_invalid', 'rate.limited', 'auth.passkeys_not_configured'],
    changesNothing: true,
    handle: ({ caller, body }) => passkeys.challenge(caller, body),
  }),
  publicRoute({
    method: 'POST',
    url: '/auth/passkeys/verify',
    operationId: 'finishPasskeyLogin',
    tag,
    summary: 'Finish a login by a passkey',
    description:
      'Takes what the authenticator signed, once. By itself it is two factors, and no other is asked for; with `mfa_token` it is the second one of that login.',
    permission: 'public',
    body: PasskeyProof,
    example: { passkey: exampleAssertion },
    status: 200,
    reply: AccessToken,
    errors: [
      'auth.passkey_invalid',
      'auth.mfa_invalid',
      'auth.invalid_credentials',
      'auth.throttled',
      'rate.limited',
      'auth.passkeys_not_configured',
    ],
    changesNothing: true,
    handle: ({ caller, body }) => passkeys.verify(caller, body),
  }),
];
