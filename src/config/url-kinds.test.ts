import { describe, expect, test } from 'vitest';
import { issuerUrl, redirectUri } from './url-kinds.ts';

const kinds = { issuer: issuerUrl(), 'redirect URI': redirectUri() };

describe.each(Object.entries(kinds))('the %s', (_name, kind) => {
  test.each([
    'https://id.example.com/',
    'https://id.example.com/realms/acme',
    'http://localhost:8080/x',
    'http://127.0.0.1:9/x',
    'http://[::1]:9/x',
  ])('may be %s', (text) => {
    expect(kind.parse(` ${text} `)).toEqual({ ok: true, value: text });
    expect(kind.format(text)).toBe(text);
  });

  test.each([
    ['http://id.example.com/', /plain HTTP/],
    ['http://127.0.0.1.example.com/', /plain HTTP/],
    ['http://localhost.example.com/', /plain HTTP/],
    ['https://u:hunter2@id.example.com/', /credentials/],
    ['https://id.example.com/?x=1', /query/],
    ['https://id.example.com/#x', /fragment/],
    ['id.example.com', /not an https/],
    ['javascript:alert(1)', /not an https/],
    ['', /not an https/],
  ])('may not be "%s"', (text, words) => {
    const parsed = kind.parse(text);
    expect(parsed).toEqual({ ok: false, fault: expect.stringMatching(words) });
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});

test('an issuer is kept as it is written, without a slash at its end too', () => {
  expect(issuerUrl().parse('https://id.example.com')).toEqual({ ok: true, value: 'https://id.example.com' });
});

test('a redirect URI in another spelling than a browser’s is refused, with the right one', () => {
  expect(redirectUri().parse('https://API.example.com:443/a/../b')).toEqual({
    ok: false,
    fault: expect.stringContaining('https://api.example.com/b'),
  });
});
