import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { insertAuditEntry } from './audit-entry.ts';
import { maskSecrets } from './mask.ts';

const masked = '[masked]';

describe('masking', () => {
  test.each([
    'password',
    'Password',
    'db_passwd',
    'passphrase',
    'client_secret',
    'access_token',
    'refreshToken',
    'api_key',
    'apiKey',
    'x-api_key',
    'Authorization',
    'credentials',
    'private_key',
    'privateKey',
    'dsn',
    'postgres_dsn',
    'set-cookie',
  ])('hides the value of %s, whatever it is', (name) => {
    for (const value of ['hunter2', 7, true, ['hunter2'], { deep: 'hunter2' }]) {
      expect(maskSecrets({ [name]: value })).toEqual({ [name]: masked });
    }
  });

  test('reaches into objects and lists', () => {
    expect(maskSecrets({ config: { steps: [{ env: { API_KEY: 'k' } }, 'plain'] } })).toEqual({
      config: { steps: [{ env: { API_KEY: masked } }, 'plain'] },
    });
  });

  test('leaves null, so that a secret that is not set shows as such', () => {
    expect(maskSecrets({ password: null })).toEqual({ password: null });
  });

  test('changes nothing where no name speaks of a secret, and never its argument', () => {
    const harmless = fc
      .jsonValue()
      .filter(
        (value) => !/passw|passphrase|secret|token|key|auth|cred|dsn|cookie/i.test(JSON.stringify(value)),
      );
    fc.assert(
      fc.property(harmless, (value) => {
        expect(maskSecrets(value)).toEqual(value);
      }),
    );
    const original = { password: 'hunter2', list: [{ token: 't' }] };
    maskSecrets(original);
    expect(original).toEqual({ password: 'hunter2', list: [{ token: 't' }] });
  });
});

test.each(['y', 'y:', '://', 'y://y:', 'y://y:y', '@', 'y@'])(
  'a megabyte of %s is soon looked through',
  (unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    expect(String(maskSecrets(text)).slice(0, 20)).toBe(text.slice(0, 20));
  },
);

describe('an audit entry', () => {
  const entry = {
    at: '2026-03-01T04:00:00.000Z',
    action: 'user.updated' as const,
    resourceType: 'user',
    resourceId: 'u-1',
    before: { full_name: 'Ada', preferences: { api_key: 'k-1' } },
    after: { full_name: 'Ada L.', password: 'changed' },
  };
  const columnsOf = (userId: string | null): Record<string, unknown> => {
    const { text, values } = insertAuditEntry(
      'o-1',
      { userId, requestId: 'r-1', address: '127.0.0.1' },
      entry,
    );
    const names = [...text.matchAll(/"(\w+)"/g)].map(([, name]) => name);
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  };

  test('says who changed what, with secrets masked on both sides', () => {
    expect(columnsOf('u-2')).toEqual({
      org_id: 'o-1',
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      occurred_at: '2026-03-01T04:00:00.000Z',
      actor_type: 'user',
      actor_id: 'u-2',
      api_key_id: null,
      action: 'user.updated',
      resource_type: 'user',
      resource_id: 'u-1',
      team_id: null,
      before: '{"full_name":"Ada","preferences":{"api_key":"[masked]"}}',
      after: '{"full_name":"Ada L.","password":"[masked]"}',
      request_id: 'r-1',
      address: '127.0.0.1',
    });
  });

  test('without a user is the operator’s', () => {
    expect(columnsOf(null)).toMatchObject({ actor_type: 'operator', actor_id: null });
  });
});

test.each([
  ['postgresql://ada:c4n4ry@db.example.com:5432/x', 'postgresql://ada:[masked]@db.example.com:5432/x'],
  [
    'see https://:c4n4ry@hooks.example.com/a and so on',
    'see https://:[masked]@hooks.example.com/a and so on',
  ],
  ['redis://u:c4n@4ry@h, amqp://v:c4n4ry@h', 'redis://u:[masked]@h, amqp://v:[masked]@h'],
  ['https://example.com:8080/path@x', 'https://example.com:8080/path@x'],
  ['ada@example.com: hello', 'ada@example.com: hello'],
])('of %j it leaves %j', (text, left) => {
  expect(maskSecrets({ sinks: [{ target: text }] })).toEqual({ sinks: [{ target: left }] });
});
