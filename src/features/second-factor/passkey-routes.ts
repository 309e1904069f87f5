import { type Route, route } from '../../platform/http/route.ts';
import { NoContent } from '../../platform/schemas/common-schemas.ts';
import {
  AddedPasskey,
  CreationOptions,
  exampleCredential,
  NewPasskey,
  Passkey,
  PasskeyPath,
  PasskeyUpdate,
  RequestOptions,
} from './passkey-schemas.ts';
import type { PasskeyService } from './passkey-service.ts';
import { FactorProof, NewFactor } from './second-factor-schemas.ts';

const tag = 'Identity';
const permission = 'second_factor:manage';

/** The caller's own passkeys; `GET /auth/mfa` lists them. */
export const passkeyRoutes = (passkeys: PasskeyService): Route[] => [
  route({
    method: 'POST',
    url: '/auth/mfa/passkeys',
    operationId: 'proposePasskey',
    tag,
    summary: 'Begin to add a passkey',
    description:
      'Answers what the browser makes one by, within five minutes; `POST /auth/mfa/passkeys/confirm` adds it. Without METADATA_PASSKEY_ORIGIN: 501.',
    permission,
    body: NewFactor,
    example: { current_password: 'correct-horse-battery-staple' },
    status: 200,
    reply: CreationOptions,
    errors: [
      'auth.password_wrong',
      'auth.login_required',
      'auth.throttled',
      'passkey.too_many',
      'auth.passkeys_not_configured',
      'service.overloaded',
    ],
    handle: ({ caller, body }) => passkeys.propose(caller, body),
  }),
  route({
    method: 'POST',
    url: '/auth/mfa/passkeys/confirm',
    operationId: 'addPasskey',
    tag,
    summary: 'Add a passkey, as the browser made it',
    description:
      'It is a second factor from then on, and logs in by itself. This session goes on, and all others are over. Recovery codes come with the first factor.',
    permission,
    body: NewPasskey,
    example: { name: 'Laptop', credential: exampleCredential },
    status: 200,
    reply: AddedPasskey,
    errors: ['auth.passkey_invalid', 'passkey.taken', 'passkey.too_many', 'auth.passkeys_not_configured'],
    handle: ({ caller, body }) => passkeys.add(caller, body),
  }),
  route({
    method: 'POST',
    url: '/auth/mfa/passkeys/challenge',
    operationId: 'challengePasskey',
    tag,
    summary: 'Ask for what a passkey of the caller is to sign',
    description:
      'For the field `passkey` of what takes a factor: removing one, and other recovery codes. Good once, for five minutes.',
    permission,
    status: 200,
    reply: RequestOptions,
    errors: ['auth.passkeys_not_configured'],
    changesNothing: true,
    handle: ({ caller }) => passkeys.challenge(caller),
  }),
  route({
    method: 'PUT',
    url: '/auth/mfa/passkeys/:passkey_id',
    operationId: 'renamePasskey',
    tag,
    summary: 'Give a passkey another name',
    permission,
    params: PasskeyPath,
    body: PasskeyUpdate,
    example: { name: 'Old laptop' },
    status: 200,
    reply: Passkey,
    errors: ['passkey.not_found'],
    handle: ({ caller, params, body }) => passkeys.rename(caller, params.passkey_id, body),
  }),
  route({
    method: 'POST',
    url: '/auth/mfa/passkeys/:passkey_id/remove',
    operationId: 'removePasskey',
    tag,
    summary: 'Remove a passkey',
    description: 'All sessions but this one are over. With the last factor go the recovery codes.',
    permission,
    params: PasskeyPath,
    body: FactorProof,
    example: { code: '287082' },
    status: 204,
    reply: NoContent,
    errors: ['auth.mfa_invalid', 'auth.throttled', 'passkey.not_found', 'auth.passkeys_not_configured'],
    handle: ({ caller, params, body }) => passkeys.remove(caller, params.passkey_id, body),
  }),
];
