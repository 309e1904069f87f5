import { type Static, Type } from 'typebox';
import { exactly } from '../../platform/schemas/common-schemas.ts';
import { Email, Password } from '../users/index.ts';

export const MailToken = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'The token of the mail. It is good once.',
  examples: ['0nZ3xV7bTq9LrYc2Hs5Dw8Gk1Jm4Pf6Rt-Au_EiOoXz'],
});

/** @NOTE no rules of what an address looks like beyond those of users: one that cannot be anybody's is one that nobody has. */
export const ForgottenPassword = exactly(
  { email: Email },
  { title: 'Forgotten Password', description: 'Whose password is forgotten.' },
);
export type ForgottenPassword = Static<typeof ForgottenPassword>;

export const PasswordResetBody = exactly(
  { token: MailToken, new_password: Password },
  { title: 'Password Reset', description: 'What the mail says, and the new password.' },
);
export type PasswordResetBody = Static<typeof PasswordResetBody>;

export const EmailProof = exactly(
  { token: MailToken },
  { title: 'Email Proof', description: 'What the mail says.' },
);
export type EmailProof = Static<typeof EmailProof>;
