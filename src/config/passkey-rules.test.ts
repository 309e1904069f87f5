import { describe, expect, it } from 'vitest';
import { ConfigurationError, loadConfig } from './config.ts';

const dsn = 'postgresql://app@localhost/brownie';
const load = (env: Record<string, string>) => loadConfig({ env: { METADATA_POSTGRES_DSN: dsn, ...env } });
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    load(env);
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.faults : [String(error)];
  }
};

describe('passkeys', () => {
  it('are for the host of the first page, or for a domain that all pages share', () => {
    expect(load({}).passkeys).toBeUndefined();
    expect(load({ METADATA_PASSKEY_ORIGIN: '["https://app.example.com:8443"]' }).passkeys).toEqual({
      origins: ['https://app.example.com:8443'],
      rpId: 'app.example.com',
    });
    const two = '["https://app.example.com", "https://example.com"]';
    expect(load({ METADATA_PASSKEY_ORIGIN: two, METADATA_PASSKEY_RP_ID: 'example.com' }).passkeys?.rpId).toBe(
      'example.com',
    );
    expect(load({ METADATA_PASSKEY_ORIGIN: '["http://localhost:3000"]' }).passkeys?.rpId).toBe('localhost');
  });

  it.each([
    [{ METADATA_PASSKEY_RP_ID: 'example.com' }, /^METADATA_PASSKEY_RP_ID: is set without/],
    [{ METADATA_PASSKEY_ORIGIN: '["http://app.example.com"]' }, /is plain HTTP/],
    [
      { METADATA_PASSKEY_ORIGIN: '["https://192.0.2.7"]' },
      /^METADATA_PASSKEY_RP_ID: "192.0.2.7" is no domain/,
    ],
    [{ METADATA_PASSKEY_ORIGIN: '["https://app.example.com/"]' }, /is not an exact origin/],
    [
      { METADATA_PASSKEY_ORIGIN: '["https://app.example.com", "https://example.org"]' },
      /^METADATA_PASSKEY_ORIGIN: "https:\/\/example.org" is neither app.example.com nor below it/,
    ],
    [
      { METADATA_PASSKEY_ORIGIN: '["https://evilexample.com"]', METADATA_PASSKEY_RP_ID: 'example.com' },
      /is neither example.com nor below it/,
    ],
  ])('refuses %o, as browsers would', (env, words) => {
    expect(faultsOf(env)).toEqual([expect.stringMatching(words)]);
  });
});
