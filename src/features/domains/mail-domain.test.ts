import { expect, test } from 'vitest';
import { isPublicMailDomain, readDomain } from './mail-domain.ts';

test.each([
  ['Acme.COM', 'acme.com'],
  [' acme.com. ', 'acme.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['a.b.c.example', 'a.b.c.example'],
])('%j is the domain %s', (text, domain) => {
  expect(readDomain(text)).toBe(domain);
});

test.each([
  '',
  'com',
  'acme',
  '127.0.0.1',
  '[::1]',
  '@acme.com',
  'ada@acme.com',
  '-a.example',
  '*.acme.com',
  'a b.com',
])('%j is none', (text) => {
  expect(readDomain(text)).toBeUndefined();
});

test('where everybody gets an address, no organization does', () => {
  expect(['gmail.com', 'acme.com'].map(isPublicMailDomain)).toEqual([true, false]);
});
