import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idempotentRequest } from './idempotency.ts';

const route = 'POST /api/v1/organizations';
const fingerprintOf = (payload: unknown): string | undefined =>
  idempotentRequest('k-1', route, payload)?.fingerprint.toString('hex');

describe('an Idempotency-Key', () => {
  test('is optional', () => {
    expect(idempotentRequest(undefined, route, {})).toBeUndefined();
  });

  test.each(['a', '8e03978e-40d5-43e8-bc93-6894a57f9324', '!~"\\', 'x'.repeat(255)])('may be %s', (key) => {
    expect(idempotentRequest(key, route, {})).toMatchObject({ key, route });
  });

  test.each(['', ' ', 'a b', 'a\tb', 'x'.repeat(256), 'é', 'a, a', 'a\n'])('may not be %j', (key) => {
    expect(() => idempotentRequest(key, route, {})).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        faults: [
          {
            pointer: '/headers/idempotency-key',
            message: 'must be 1 to 255 printable ASCII characters without spaces',
          },
        ],
      }),
    );
  });
});

describe('the fingerprint of a payload', () => {
  test('is a SHA-256', () => {
    expect(fingerprintOf({ name: 'Acme' })).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf(undefined)).toBe(fingerprintOf(null));
  });

  test('is the same for the same payload and another for another', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(fingerprintOf(structuredClone(a))).toBe(fingerprintOf(a));
        expect(fingerprintOf(a) === fingerprintOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
