import { describe, expect, test } from 'vitest';
import { idempotentRequest } from './idempotency.ts';
import { PayloadFingerprints } from './payload-fingerprints.ts';

const route = 'POST /api/v1/organizations';
const fingerprints = new PayloadFingerprints(['a secret of the unit tests']);

describe('an Idempotency-Key', () => {
  test('is optional', () => {
    expect(idempotentRequest(undefined, route, {}, fingerprints)).toBeUndefined();
  });

  test.each(['a', '8e03978e-40d5-43e8-bc93-6894a57f9324', '!~"\\', 'x'.repeat(255)])('may be %s', (key) => {
    expect(idempotentRequest(key, route, {}, fingerprints)).toMatchObject({ key, route });
  });

  test.each(['', ' ', 'a b', 'a\tb', 'x'.repeat(256), 'é', 'a, a', 'a\n'])('may not be %j', (key) => {
    expect(() => idempotentRequest(key, route, {}, fingerprints)).toThrow(
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
