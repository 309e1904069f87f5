/** The command that makes a good secret. */
export const makeSecretCommand = 'openssl rand -base64 32';

export const secretLengthMin = 32;

/**
 * What placeholders, examples in documentation and sequences on a keyboard are made of. None of it can be
 * spelled in hexadecimal digits, and none is short enough to be likely in base64.
 */
const placeholderWords = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1234567890',
  '0123456789',
  'keyboardcat',
  'development',
  'placeholder',
  'production',
  'characters',
  'something',
  'password',
  'changeme',
  'changeit',
  'security',
  'metadata',
  'insecure',
  'defaults',
  'default',
  'example',
  'replace',
  'brownie',
  'staging',
  'testing',
  'letmein',
  'private',
  'minimum',
  'length',
  'change',
  'please',
  'secret',
  'secure',
  'random',
  'string',
  'sample',
  'should',
  'qwerty',
  'token',
  'super',
  'least',
  'local',
  'value',
  'never',
  'here',
  'your',
  'must',
  'this',
  'that',
  'with',
  'long',
  'test',
  'demo',
  'prod',
  'bits',
  'some',
  'very',
  'hs256',
  'jwt',
  'key',
  'for',
  'the',
  'not',
  'use',
];

const randomLengthMin = 22;
const distinctMin = 8;

/** Why a secret must not guard a production service, as the rest of a sentence; `undefined` for a good one. */
export function weakness(secret: string): string | undefined {
  const length = [...secret].length;
  if (length < secretLengthMin) {
    return `has ${length} characters and needs at least ${secretLengthMin}`;
  }
  const essence = withoutPlaceholders(secret);
  const weak =
    essence.length < randomLengthMin ||
    new Set(secret).size < distinctMin ||
    isRepetition(secret) ||
    isSequence(secret);
  return weak ? 'is a known example or can be guessed' : undefined;
}

/** A strong secret stays strong behind a word: `prod-key-` and 44 random characters are fine. */
function withoutPlaceholders(secret: string): string {
  const letters = secret.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return placeholderWords.reduce((rest, word) => rest.replaceAll(word, ''), letters);
}

/** Whether a unit shorter than a random secret, told again and again, makes up the whole. */
function isRepetition(secret: string): boolean {
  for (let period = 1; period < randomLengthMin && period <= secret.length / 2; period += 1) {
    if (secret.slice(period) === secret.slice(0, -period)) {
      return true;
    }
  }
  return false;
}

/**
 * Whether more than six in ten characters follow their predecessor (`abcd`, `4321`, `aaaa`). @NOTE half of them do in one of
 * some 400,000 random secrets in hexadecimal, six in ten in one of 100 million.
 */
function isSequence(secret: string): boolean {
  const codes = Array.from(secret, (character) => character.codePointAt(0) ?? 0);
  const steps = codes.filter((code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) <= 1);
  return steps.length > codes.length * 0.6;
}
