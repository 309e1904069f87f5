import { publicRoute, type Route, route } from '../../platform/http/route.ts';
import { Message, NoContent } from '../../platform/schemas/common-schemas.ts';
import type { EmailVerification } from './email-verification.ts';
import type { PasswordReset } from './password-reset.ts';
import { EmailProof, ForgottenPassword, PasswordResetBody } from './proof-schemas.ts';

const tag = 'Identity';
const exampleToken = '0nZ3xV7bTq9LrYc2Hs5Dw8Gk1Jm4Pf6Rt-Au_EiOoXz';

export const proofRoutes = (resets: PasswordReset, verification: EmailVerification): Route[] => [
  publicRoute({
    method: 'POST',
    url: '/auth/password/forgot',
    operationId: 'forgotPassword',
    tag,
    summary: 'Ask for a mail with which a new password can be set',
    description:
      'The answer is the same whether or not anybody has the address. The mail holds a token that is good once, for an hour; five go to an address within an hour at ' +
      'most. Without a mail server the operator hands it on.',
    permission: 'public',
    body: ForgottenPassword,
    example: { email: 'ada@example.com' },
    status: 202,
    reply: Message,
    errors: ['rate.limited'],
    handle: ({ caller, body }) => resets.forgot(caller, body),
  }),
  publicRoute({
    method: 'POST',
    url: '/auth/password/reset',
    operationId: 'resetPassword',
    tag,
    summary: 'Set a new password by the token of a mail',
    description:
      'It ends all sessions of the user, proves their e-mail address, and logs nobody in. Where the address had not been proved before, identities at a provider of ' +
      'single sign-on end, too: whoever made the account may have them.',
    permission: 'public',
    body: PasswordResetBody,
    example: { token: exampleToken, new_password: 'a horse that nobody has heard of' },
    status: 204,
    reply: NoContent,
    errors: ['proof.expired', 'rate.limited', 'service.overloaded'],
    handle: ({ caller, body }) => resets.reset(caller, body),
  }),
  route({
    method: 'POST',
    url: '/auth/email/verification',
    operationId: 'sendEmailVerification',
    tag,
    summary: 'Ask for a mail with which the caller’s address can be proved',
    description: 'It holds a token that is good once, for a day; five are sent within an hour at most.',
    permission: 'email:verify',
    status: 202,
    reply: Message,
    errors: ['user.already_verified', 'rate.limited'],
    handle: ({ caller }) => verification.send(caller),
  }),
  route({
    method: 'POST',
    url: '/auth/email/verify',
    operationId: 'verifyEmail',
    tag,
    summary: 'Prove the caller’s address by the token of a mail',
    description: 'It takes the token and the login of the user whose address it is, both.',
    permission: 'email:verify',
    body: EmailProof,
    example: { token: exampleToken },
    status: 204,
    reply: NoContent,
    errors: ['proof.expired'],
    handle: ({ caller, body }) => verification.verify(caller, body),
  }),
];
