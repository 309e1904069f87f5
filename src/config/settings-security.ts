import { flag, oneOf, text, wholeNumber } from './kinds.ts';
import { originList } from './network-kinds.ts';
import { secretText } from './secret-kinds.ts';
import { optionalSetting, setting } from './setting.ts';

export const jwtAlgorithms = ['HS256', 'HS384', 'HS512', 'EdDSA', 'RS256'] as const;

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
    description:
      'The algorithm that signs access tokens. `EdDSA` and `RS256` sign with key pairs, made by the service and kept in the database under ' +
      '`METADATA_JWT_SECRET`; others verify with the public keys of `/.well-known/jwks.json`. It is that of new keys: where there is a key already, ' +
      '`brownie jwt stage` and `promote` go over to it, and nobody is logged out.',
    example: 'EdDSA',
  }),
  jwtExpiresMinutes: setting(wholeNumber({ min: 1, max: 43_200 }), {
    name: 'METADATA_JWT_EXPIRES_MINUTES',
    section: 'tokens',
    default: 60,
    description: 'How long an access token is valid.',
    example: '15',
  }),
  sessionIdleMinutes: setting(wholeNumber({ min: 1, max: 525_600 }), {
    name: 'METADATA_SESSION_IDLE_MINUTES',
    section: 'tokens',
    default: 10_080,
    description:
      'A session is over that is not gone on with for so long (`POST /auth/refresh`). None is shorter than an access token.',
    example: '60',
  }),
  sessionMaxMinutes: setting(wholeNumber({ min: 1, max: 525_600 }), {
    name: 'METADATA_SESSION_MAX_MINUTES',
    section: 'tokens',
    default: 43_200,
    description: 'A session is over so long after its login, however often it is gone on with.',
    example: '1440',
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
  argon2MemoryKib: setting(wholeNumber({ min: 12_288, max: 1_048_576 }), {
    name: 'METADATA_ARGON2_MEMORY_KIB',
    section: 'passwords',
    default: 19_456,
    description:
      'The memory that a password hash (Argon2id) takes, in KiB; two are computed at once. At least 47104 with one iteration, 19456 with two, 12288 ' +
      'with more (OWASP ASVS 5, appendix C). With other parameters than before, passwords are hashed anew as their users log in.',
    example: '47104',
  }),
  argon2Iterations: setting(wholeNumber({ min: 1, max: 20 }), {
    name: 'METADATA_ARGON2_ITERATIONS',
    section: 'passwords',
    default: 2,
    description: 'How often a password hash goes over its memory.',
    example: '3',
  }),
  argon2Parallelism: setting(wholeNumber({ min: 1, max: 16 }), {
    name: 'METADATA_ARGON2_PARALLELISM',
    section: 'passwords',
    default: 1,
    description: 'The lanes of a password hash.',
    example: '2',
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

export const passkeySettings = {
  passkeyOrigins: setting(originList(), {
    name: 'METADATA_PASSKEY_ORIGIN',
    section: 'passkeys',
    default: [],
    description:
      'The pages that ask people for passkeys (WebAuthn): scheme, host and port as a browser sends them. Empty: no passkey is added, nor used. ' +
      '`http://` is taken on `localhost` only. How they are added and used: [second-factor.md](second-factor.md#passkeys).',
    example: '["https://app.example.com"]',
  }),
  passkeyRpId: optionalSetting(text('domain'), {
    name: 'METADATA_PASSKEY_RP_ID',
    section: 'passkeys',
    absent: 'the host of the first page',
    description:
      'The domain that passkeys are for (WebAuthn’s RP ID): the host of each page, or what it is below. **Whoever changes it makes every passkey useless.**',
    example: 'example.com',
  }),
};

export const quotaSettings = {
  organizationsPerUser: setting(wholeNumber({ min: 1, max: 100_000 }), {
    name: 'METADATA_ORGANIZATIONS_PER_USER',
    section: 'passwords',
    default: 20,
    description:
      'How many organizations a user may own, the one of their sign-up included. `brownie user-limits` gives one user more or fewer.',
    example: '100',
  }),
};
