import { flag, oneOf, wholeNumber } from './kinds.ts';
import { secretText } from './secret-kinds.ts';
import { optionalSetting, setting } from './setting.ts';

export const jwtAlgorithms = ['HS256', 'HS384', 'HS512'] as const;

export const tokenSettings = {
  jwtSecret: optionalSetting(secretText('text'), {
    name: 'METADATA_JWT_SECRET',
    section: 'tokens',
    absent: 'not set: generated and kept, outside production',
    description:
      'The key that signs access tokens. Make one with `openssl rand -base64 32`. Outside production, one is ' +
      'generated once and kept in `METADATA_DATA_DIR`, readable by its owner alone (mode 0600).',
    example: '"$(openssl rand -base64 32)"',
  }),
  jwtSecretPrevious: optionalSetting(secretText('text'), {
    name: 'METADATA_JWT_SECRET_PREVIOUS',
    section: 'tokens',
    absent: 'not set',
    description:
      'The secret before, while `METADATA_JWT_SECRET` is changed: instances that still have it and those that have the new one ' +
      'accept each other’s tokens. Remove it when every instance has the new one.',
    example: '"$(cat secret-of-last-month)"',
  }),
  jwtAlgorithm: setting(oneOf(jwtAlgorithms), {
    name: 'METADATA_JWT_ALGORITHM',
    section: 'tokens',
    default: 'HS256',
    description: 'The algorithm that signs access tokens.',
    example: 'HS512',
  }),
  jwtExpiresMinutes: setting(wholeNumber({ min: 1, max: 43_200 }), {
    name: 'METADATA_JWT_EXPIRES_MINUTES',
    section: 'tokens',
    default: 60,
    description: 'How long an access token is valid.',
    example: '15',
  }),
};

export const passwordSettings = {
  passwordMinLength: setting(wholeNumber({ min: 8, max: 128 }), {
    name: 'METADATA_PASSWORD_MIN_LENGTH',
    section: 'passwords',
    default: 15,
    under: { v1: 8 },
    description:
      'The shortest new password, in characters. 15 is what NIST SP 800-63B-4 asks of a password that is the ' +
      'only factor; less gives a warning.',
    example: '20',
  }),
  passwordBlocklist: setting(flag(), {
    name: 'METADATA_PASSWORD_BLOCKLIST',
    section: 'passwords',
    default: true,
    under: { v1: false },
    description: 'Whether common and guessable new passwords are refused.',
    example: 'false',
  }),
  signupLimitPerHour: setting(wholeNumber({ min: 0, max: 100_000 }), {
    name: 'METADATA_SIGNUP_LIMIT_PER_HOUR',
    section: 'passwords',
    default: 10,
    under: { v1: 0 },
    description: 'Successful sign-ups per hour and address; `0` turns the limit off.',
    example: '100',
  }),
  signupAttemptsPerMinute: setting(wholeNumber({ min: 1, max: 100_000 }), {
    name: 'METADATA_SIGNUP_ATTEMPTS_PER_MINUTE',
    section: 'passwords',
    default: 60,
    under: { v1: 120 },
    description:
      'Sign-up requests per minute and address that are well-formed, successful or not; as many logins with a provider may be begun.',
    example: '30',
  }),
};
