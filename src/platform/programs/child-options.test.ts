import { afterEach, expect, test, vi } from 'vitest';
import { childEnvironment } from './child-options.ts';

afterEach(() => vi.unstubAllEnvs());

test('a child sees where programs are and what is named, and nothing else of ours', () => {
  vi.stubEnv('METADATA_JWT_SECRET', 'canary');
  vi.stubEnv('PGPASSWORD', 'canary');
  vi.stubEnv('NODE_OPTIONS', '--no-warnings');
  vi.stubEnv('PATH', '/opt/bin');
  vi.stubEnv('HOME', '/home/ann');
  expect(childEnvironment({ PGPORT: '5432', TZ: 'Europe/Berlin' })).toEqual({
    PATH: '/opt/bin',
    HOME: '/home/ann',
    LC_ALL: 'C.UTF-8',
    TZ: 'Europe/Berlin',
    PGPORT: '5432',
  });
});

test('without a PATH of its own a child finds the programs of the system', () => {
  vi.stubEnv('PATH', undefined);
  vi.stubEnv('HOME', undefined);
  expect(childEnvironment()).toEqual({ PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' });
});
