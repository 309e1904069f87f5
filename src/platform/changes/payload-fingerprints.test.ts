import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PayloadFingerprints } from './payload-fingerprints.ts';

const fingerprints = new PayloadFingerprints(['a secret of the unit tests']);
const kept = (payload: unknown, by = fingerprints): string => by.of(payload)[0].toString('hex');

test('the same payload has the same fingerprint, and another one another', () => {
  expect(kept(undefined)).toBe(kept(null));
  const payloads = fc.jsonValue().map((value) => ({ value }));
  fc.assert(
    fc.property(payloads, payloads, (a, b) => {
      fc.pre(!/passw|secret|token/i.test(JSON.stringify([a, b])));
      expect(kept(structuredClone(a))).toBe(kept(a));
      expect(kept(a) === kept(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test('nobody makes it without the secret, nor finds out a password by it', () => {
  const payload = { email: 'ada@example.com', password: 'correct-horse-battery-staple' };
  const other = new PayloadFingerprints(['another secret']);
  expect(kept(payload, other)).not.toBe(kept(payload));
  expect(kept(payload)).not.toBe(createHash('sha256').update(JSON.stringify(payload)).digest('hex'));
  expect(kept({ ...payload, password: 'another' })).toBe(kept(payload));
  expect(kept({ body: { deep: [{ new_password: 'x', n: 1 }] } })).toBe(kept({ body: { deep: [{ n: 1 }] } }));
});

test('a payload is known by what was kept under the secret before, and by the release before', () => {
  const payload = { name: 'Acme' };
  const changed = new PayloadFingerprints(['a new secret', 'a secret of the unit tests']);
  const known = changed.of(payload).map((each) => each.toString('hex'));
  expect(known).toContain(kept(payload));
  expect(known).toContain(createHash('sha256').update(JSON.stringify(payload)).digest('hex'));
  expect(known[0]).not.toBe(kept(payload));
});
