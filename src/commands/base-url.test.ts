import { InvalidArgumentError } from 'commander';
import { expect, test } from 'vitest';
import { baseUrl } from './base-url.ts';

test.each([
  ['https://brownie.example.com', 'https://brownie.example.com'],
  ['http://localhost:8080/', 'http://localhost:8080'],
  ['https://example.com/brownie//', 'https://example.com/brownie'],
])('%s is %s', (text, url) => {
  expect(baseUrl(text)).toBe(url);
});

test.each([
  '',
  'brownie.example.com',
  '/api',
  'ftp://example.com',
  'https://',
  'https://example.com/?a=b',
  'https://example.com/#a',
])('%j is refused', (text) => {
  expect(() => baseUrl(text)).toThrow(InvalidArgumentError);
});
