import { describe, expect, it } from 'vitest';
import { keyPairs, otlpUrl, secretKeyPairs, shareOfOne } from './settings-tracing.ts';

describe('otlpUrl', () => {
  it.each(['http://localhost:4318/', 'https://collector.example.com/v1/traces'])('takes %s', (url) => {
    expect(otlpUrl().parse(` ${url} `)).toEqual({ ok: true, value: url });
  });

  it.each([
    'collector:4318',
    'grpc://collector:4317',
    'localhost',
    'http://',
    'http://u:canary@c',
    'http://c?k=canary',
  ])('refuses %s without quoting it', (url) => {
    const parsed = otlpUrl().parse(url);
    expect(parsed).toMatchObject({ ok: false });
    expect(JSON.stringify(parsed)).not.toContain('canary');
  });
});

describe('keyPairs', () => {
  it('reads percent-encoded pairs, and writes them again', () => {
    const value = { authorization: 'Bearer a=b', 'x,y': '' };
    expect(keyPairs().parse('authorization=Bearer%20a=b, x%2Cy=')).toEqual({ ok: true, value });
    expect(keyPairs().parse(keyPairs().format(value))).toEqual({ ok: true, value });
  });

  it.each(['canary', '=canary', 'a=1,canary', 'a=%canary', 'a=1,,b=2'])('refuses %s', (text) => {
    expect(keyPairs().parse(text)).toMatchObject({ ok: false });
    expect(JSON.stringify(secretKeyPairs().parse(text))).not.toContain('canary');
  });

  it('hides secret ones', () => {
    expect(secretKeyPairs().format({ authorization: 'canary' })).toMatch(/^\*{8} \(sha256 [0-9a-f]{8}\)$/);
  });
});

describe('shareOfOne', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['0.25', 0.25],
    [' .5 ', 0.5],
  ])('reads %j', (text, value) => {
    expect(shareOfOne().parse(text)).toEqual({ ok: true, value });
  });

  it.each(['', '1.1', '-0.1', '10%', '1e-1', 'half'])('refuses %j', (text) => {
    expect(shareOfOne().parse(text)).toMatchObject({ ok: false });
  });
});
