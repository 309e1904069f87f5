import { describe, expect, test } from 'vitest';
import { withoutSecrets, withStoredSecrets } from './config-secrets.ts';

const mask = '[masked]';
const shown = (config: object) => withoutSecrets({ config }).config;
const kept = (sent: object, stored: object) => withStoredSecrets({ config: sent }, { config: stored }).config;

describe('what is shown', () => {
  test.each([
    ...[
      'password',
      'db_passwd',
      'passphrase',
      'client_secret',
      'clientSecret',
      'token',
      'botToken',
      'access_tokens',
    ],
    ...['api_key', 'apiKey', 'APIKEY', 'x-api-key', 'private_key', 'aws_secret_access_key', 'signingKey'],
    ...['Authorization', 'credentials', 'dsn', 'Set-Cookie', 'secret_2', 'api_key_old', 'private_key_pem'],
  ])('hides what %s holds, at any depth, and that there is none shows', (name) => {
    expect(shown({ [name]: 'canary' })).toEqual({ [name]: mask });
    expect(shown({ [name]: ['canary', { user: 'canary', port: 4711 }] })).toEqual({
      [name]: [mask, { user: mask, port: mask }],
    });
    const none = { [name]: '', deeper: [{ [name]: null }, { [name]: true }] };
    expect(shown(none)).toEqual(none);
  });

  test('leaves what speaks of secrets and is none', () => {
    const config = {
      ...{
        max_tokens: 4096,
        tokens: 7,
        tokenizer: 'cl100k',
        token_url: 'https://sso.example/token',
        keys: ['a'],
      },
      ...{
        secret_name: 'slack',
        password_policy: 'strict',
        aws_access_key_id: 'AKIA',
        public_key: 'abc',
        key: 'x',
      },
    };
    expect(shown(config)).toEqual(config);
  });

  test('hides passwords in URLs, wherever they stand', () => {
    expect(shown({ sinks: ['https://ada:canary@sink.example/a'] })).toEqual({
      sinks: [`https://ada:${mask}@sink.example/a`],
    });
  });

  test('is all of a configuration that is data, and what is absent stays so', () => {
    expect(withoutSecrets({ triggers: [{ token: 'canary' }], config_metadata: { dsn: 'canary' } })).toEqual({
      triggers: [{ token: mask }],
      config_metadata: { dsn: mask },
    });
  });
});

describe('what is written back as it was read', () => {
  const stored = {
    model: 'large',
    api_key: 'one',
    pin_token: 4711,
    sinks: [
      { name: 'a', url: 'https://ada:two@a.example', password: 'three' },
      { name: 'b', url: 'https://b.example', password: 'four' },
    ],
  };
  const read = shown(stored) as typeof stored;

  test('is what is stored, and so is all but what was changed', () => {
    expect(kept(read, stored)).toEqual(stored);
    expect(kept({ ...read, model: 'small', api_key: 'new' }, stored)).toEqual({
      ...stored,
      model: 'small',
      api_key: 'new',
    });
  });

  test('finds an item of a list that moved, and one that changed in its place', () => {
    const [first, second] = read.sinks;
    expect(kept({ sinks: [second] }, stored)).toEqual({ sinks: [stored.sinks[1]] });
    expect(kept({ sinks: [second, first] }, stored)).toEqual({ sinks: stored.sinks.toReversed() });
    expect(kept({ sinks: [first, { ...second, name: 'c' }] }, stored)).toEqual({
      sinks: [stored.sinks[0], { ...stored.sinks[1], name: 'c' }],
    });
  });

  test.each<[string, object, object, string]>([
    ['where nothing was', { api_key: mask }, {}, '/body/config/api_key'],
    ['in a field with another name', { 'a/token': mask }, { 'b/token': 'x' }, '/body/config/a~1token'],
    [
      'in the address of another host',
      { url: `https://ada:${mask}@evil.example` },
      { url: 'https://ada:two@a.example' },
      '/body/config/url',
    ],
    [
      'of one of several alike, in a list that is shorter',
      { list: [{ token: mask }] },
      { list: [{ token: 'x' }, { token: 'y' }] },
      '/body/config/list/0/token',
    ],
    ['where there was an inherited member', { toString: { token: mask } }, {}, '/body/config/toString/token'],
  ])('a mask %s is refused, and its place named', (_, sent, before, pointer) => {
    expect(() => kept(sent, before)).toThrow(
      expect.objectContaining({ code: 'request.invalid', faults: [expect.objectContaining({ pointer })] }),
    );
  });

  test('a text that only speaks of the mask is one like any other', () => {
    const config = { note: `what is ${mask} stays`, api_key: 'the word [masked]' };
    expect(kept(config, {})).toEqual(config);
  });
});
