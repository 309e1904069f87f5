import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { weakness } from './jwt-secret-strength.ts';

const guessable = 'is a known example or can be guessed';

describe('weakness', () => {
  it('wants 32 characters, counted as people count them', () => {
    const secret = randomBytes(32).toString('base64');
    expect(weakness(secret.slice(0, 31))).toBe('has 31 characters and needs at least 32');
    expect(weakness(secret.slice(0, 32))).toBeUndefined();
    expect(weakness('🔑'.repeat(31))).toBe('has 31 characters and needs at least 32');
  });

  it.each([
    'your-secret-key-change-in-production',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    'a-string-secret-at-least-256-bits-long',
    'change-me-please-this-is-not-secure-1234',
    'CHANGE_THIS_TO_A_RANDOM_SECRET_KEY_IN_PRODUCTION',
    'brownie-metadata-development-secret-0001',
    'REPLACE_WITH_OUTPUT_OF_OPENSSL_RAND',
    'passwordpasswordpasswordpassword1',
    'qwertyuiopasdfghjklzxcvbnm1234567890',
    'abcdefghijklmnopqrstuvwxyz0123456789',
    '0123456789abcdef0123456789abcdef',
    '9876543210zyxwvutsrqponmlkjihgfedcba',
    'a'.repeat(64),
    'ab'.repeat(32),
    'k7Qz!x9Wp2Lm'.repeat(4),
    'k7Qz!x9Wp2Lm'.repeat(4).slice(0, 41),
    '-'.repeat(32),
  ])('refuses %s', (secret) => {
    expect(weakness(secret)).toBe(guessable);
  });

  it('accepts random secrets in every usual spelling, behind a word too', () => {
    for (let round = 0; round < 1000; round += 1) {
      expect(weakness(randomBytes(32).toString('base64'))).toBeUndefined();
      expect(weakness(randomBytes(16).toString('hex'))).toBeUndefined();
      expect(weakness(randomBytes(24).toString('base64url'))).toBeUndefined();
      expect(weakness(randomUUID())).toBeUndefined();
      expect(weakness(`brownie-prod-secret-${randomBytes(32).toString('base64')}`)).toBeUndefined();
    }
  });
});
