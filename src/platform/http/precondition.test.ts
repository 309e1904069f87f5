import { describe, expect, test } from 'vitest';
import { requireVersion } from './precondition.ts';

describe('If-Match', () => {
  test.each([undefined, 3])('%s lets a change of version 3 pass', (version) => {
    expect(() => requireVersion(version, 3)).not.toThrow();
  });

  test.each([2, 4, 0])('%s is stale, and the reply names the current version', (version) => {
    expect(() => requireVersion(version, 3)).toThrow(
      expect.objectContaining({ code: 'precondition.stale', status: 412, headers: { etag: '"3"' } }),
    );
  });
});
