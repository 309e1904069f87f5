import { expect, test } from 'vitest';
import { type KeyRow, newKeyPair } from '../../../platform/auth/key-ring/index.ts';
import { fingerprintOf, newKid, wrapKey } from '../../../platform/auth/key-ring/key-wrapping.ts';
import { judgeKeyAge, judgeKeyAlgorithm, judgeKeyRing, judgePrevious } from './secrets-key-ring.ts';

const [old, fresh] = ['the secret of before, which was long', 'the secret of now, which is long enough'];
const key = (status: KeyRow['status'], secrets: readonly string[], days = 1): KeyRow => {
  const kid = newKid();
  return {
    kid,
    status,
    configuredSecret: null,
    wrapped: Object.fromEntries(
      secrets.map((secret) => [fingerprintOf(secret), wrapKey('key', kid, secret)]),
    ),
    stagedAt: '2026-11-01T00:00:00Z',
    seconds: days * 86_400,
  };
};

test.each([
  [[], { current: fresh }, 'ok'],
  [[key('current', [fresh])], { current: fresh }, 'ok'],
  [[key('current', [old])], { current: fresh }, 'critical'],
  [[key('current', [old])], { current: fresh, previous: old }, 'ok'],
  [[key('current', [fresh]), key('previous', [old])], { current: fresh }, 'critical'],
  [[key('current', [fresh]), key('retired', [])], { current: fresh }, 'ok'],
  [[key('previous', [fresh])], { current: fresh }, 'critical'],
  [[], { current: undefined }, 'ok'],
  [[key('current', [fresh])], { current: undefined }, 'critical'],
] as const)('the ring, case %#', (keys, secrets, severity) => {
  expect(judgeKeyRing(keys, secrets).severity).toBe(severity);
});

test('secrets are named by their fingerprints alone', () => {
  const { evidence } = judgeKeyRing([key('current', [old])], { current: fresh });
  expect(evidence.join()).toContain(fingerprintOf(fresh));
  expect(evidence.join()).toContain(fingerprintOf(old));
  expect(JSON.stringify(evidence)).not.toMatch(/the secret of (now|before)/);
});

test.each([
  [45, 'ok'],
  [46, 'warning'],
])('a key that has signed for %i days: %s', (days, severity) => {
  expect(judgeKeyAge([key('current', [fresh], days)], 45).severity).toBe(severity);
  expect(judgeKeyAge([key('previous', [fresh], days)], 45).severity).toBe('ok');
});

test.each([
  [[key('current', [fresh])], undefined, 'ok'],
  [[key('current', [fresh])], old, 'warning'],
  [[key('current', [old])], old, 'ok'],
  [[{ ...key('previous', [fresh]), configuredSecret: fingerprintOf(old) }], old, 'ok'],
  [[{ ...key('retired', []), configuredSecret: fingerprintOf(old) }], old, 'warning'],
] as const)('METADATA_JWT_SECRET_PREVIOUS, case %#', (keys, previous, severity) => {
  expect(judgePrevious(keys, { current: fresh, previous }).severity).toBe(severity);
});

test.each([
  ['HS256', 'HS256', 'ok'],
  ['HS256', 'EdDSA', 'warning'],
  ['EdDSA', 'EdDSA', 'ok'],
  ['EdDSA', 'RS256', 'warning'],
  ['EdDSA', 'HS256', 'warning'],
] as const)('a key for %s, where %s is configured: %s', async (made, configured, severity) => {
  const { kid, key: text } =
    made === 'EdDSA' ? await newKeyPair(made) : { kid: newKid(), key: 'the key that signs' };
  const current = {
    ...key('current', []),
    kid,
    wrapped: { [fingerprintOf(fresh)]: wrapKey(text, kid, fresh) },
  };
  expect(judgeKeyAlgorithm([current], { current: fresh }, configured).severity).toBe(severity);
  expect(judgeKeyAlgorithm([current], { current: old }, configured).severity).toBe('ok');
});
