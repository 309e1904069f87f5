import { expect, test } from 'vitest';
import { asJson } from './outcome.ts';

test('JSON has names in snake_case, at every depth, and values as they are', () => {
  const value = {
    isDryRun: true,
    keys: [{ secondsInStatus: 3, opensWith: ['aB'] }],
    METADATA_JWT_SECRET: 'theValue',
    'public.userRows': 1,
    notAfter: new Date('2026-01-01T00:00:00Z'),
    s3Url: null,
  };
  expect(JSON.parse(asJson(value))).toEqual({
    is_dry_run: true,
    keys: [{ seconds_in_status: 3, opens_with: ['aB'] }],
    METADATA_JWT_SECRET: 'theValue',
    'public.userRows': 1,
    not_after: '2026-01-01T00:00:00.000Z',
    s3_url: null,
  });
});
