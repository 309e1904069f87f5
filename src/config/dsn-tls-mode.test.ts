import { describe, expect, test } from 'vitest';
import { loadConfig, resolveConfig } from './config.ts';
import { ConfigurationError } from './configuration-error.ts';
import { tlsModeFault } from './dsn-tls-mode.ts';

const secret = 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM';
const at = 'postgresql://app:canary@db/brownie';
const configOf = (dsn: string) =>
  resolveConfig({ env: { METADATA_POSTGRES_DSN: dsn, METADATA_JWT_SECRET: secret } });

describe('sslmode', () => {
  test.each(['allow', 'prefer', 'require', 'verify-ca'])('%s is read as verify-full, and says so', (mode) => {
    const { config, warnings } = configOf(`${at}?sslcert=/c&sslmode=${mode}&sslkey=/k`);
    expect(config.database).toMatchObject({ dsn: `${at}?sslcert=/c&sslmode=verify-full&sslkey=/k` });
    expect(warnings).toEqual([
      expect.stringMatching(`^METADATA_POSTGRES_DSN: sslmode=${mode} is read as verify-full`),
    ]);
  });

  test.each(['', '?sslmode=disable', '?sslmode=verify-full&sslrootcert=/ca.crt', '?application_name=x'])(
    'stays as it is, without a word, in a DSN that ends with "%s"',
    (query) => {
      const { config, warnings } = configOf(`${at}${query}`);
      expect([config.database, warnings]).toMatchObject([{ dsn: `${at}${query}` }, []]);
    },
  );

  test.each([
    'sslmode=verify_full',
    'uselibpqcompat=true&sslmode=require',
    'sslrootcert=system',
    'ssl=no-verify',
    'ssl=false',
    'sslmode=verify-full&sslmode=no-verify',
    'sslmode=verify-full&sslmode=disable',
    'sslmode=verify-full&ssl%6dode=no-verify',
  ])('%s is refused, and the DSN is not quoted', (query) => {
    expect(() => configOf(`${at}?${query}`)).toThrow(ConfigurationError);
    expect(tlsModeFault(`${at}?${query}`)).toMatch(/^(has|says) /);
    expect(tlsModeFault(`${at}?${query}`)).not.toContain('canary');
  });

  test('no-verify is refused in production alone', () => {
    const env = { METADATA_POSTGRES_DSN: `${at}?sslmode=no-verify`, METADATA_JWT_SECRET: secret };
    expect(loadConfig({ env }).database).toMatchObject({ dsn: env.METADATA_POSTGRES_DSN });
    expect(() => loadConfig({ env: { ...env, NODE_ENV: 'production' } })).toThrow(
      'METADATA_POSTGRES_DSN: sslmode=no-verify is refused in production',
    );
  });
});

test('HTTPS needs a certificate and a key', () => {
  const one = { METADATA_TLS_KEY_FILE: '/k' };
  expect(() => loadConfig({ env: { METADATA_JWT_SECRET: secret, ...one } })).toThrow(
    'METADATA_TLS_KEY_FILE: is set without METADATA_TLS_CERT_FILE',
  );
  const both = { ...one, METADATA_TLS_CERT_FILE: '/c' };
  const { http } = loadConfig({ env: { METADATA_JWT_SECRET: secret, ...both } });
  expect(http.tls).toEqual({ cert: '/c', key: '/k' });
});
