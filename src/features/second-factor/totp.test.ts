import { expect, test } from 'vitest';
import { newTotpSecret, otpauthUri, stepOf } from './totp.ts';

/** RFC 6238, appendix B, for SHA-1: the last six digits of eight. */
const ofTheRfc = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
] as const;
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test.each(ofTheRfc)(
  'at %d s the code is %s, and the one before and after count for 30 s more',
  (at, code) => {
    const step = Math.floor(at / 30);
    for (const shift of [-1, 0, 1]) {
      expect(stepOf(code, secret, (at + shift * 30) * 1_000)).toBe(step);
    }
    for (const shift of [-2, 2]) {
      expect(stepOf(code, secret, (at + shift * 30) * 1_000)).toBeUndefined();
    }
  },
);

test('nothing else is a code', () => {
  for (const code of ['', '28708', '287 082', '2870820', '२८७०८२', '287083']) {
    expect([code, stepOf(code, secret, 59_000)]).toEqual([code, undefined]);
  }
});

test('a secret has 160 bits, and goes into the address that an authenticator reads', () => {
  const made = newTotpSecret();
  expect(made).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(made);
  const uri = new URL(otpauthUri(made, 'ada+x@example.com'));
  expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
    'otpauth:',
    'totp',
    '/Brownie Metadata:ada+x@example.com',
  ]);
  expect(Object.fromEntries(uri.searchParams)).toMatchObject({
    issuer: 'Brownie Metadata',
    secret: made,
    digits: '6',
    period: '30',
  });
});
