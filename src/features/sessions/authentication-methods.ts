import { oneOf } from '../../platform/schemas/common-schemas.ts';

/** What a login begins with. */
export const LoginMethod = oneOf(['password', 'single_sign_on', 'passkey'], {
  title: 'Login Method',
  description: 'What it began with.',
  examples: ['password'],
});

/** What it was proved by beside that. */
export const SessionFactor = oneOf(['none', 'totp', 'recovery_code', 'passkey', 'single_sign_on'], {
  title: 'Session Factor',
  description: 'The second factor that it was proved by.',
  examples: ['totp'],
});

const words: Readonly<Record<string, readonly string[]>> = {
  password: ['pwd'],
  totp: ['otp', 'mfa'],
  recovery_code: ['mfa'],
  passkey: ['pop', 'mfa'],
};

/** The claim `amr` of a session's tokens: RFC 8176, which has no word for single sign-on. */
export const authenticationMethods = (method: string, secondFactor: string): string[] => [
  ...new Set([
    ...(words[method] ?? []),
    ...(secondFactor === 'single_sign_on' ? ['mfa'] : (words[secondFactor] ?? [])),
  ]),
];
