import { expect, test } from 'vitest';
import { acceptedEncoding } from './accepted-encoding.ts';

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['GZIP;Q=0.5', 'gzip'],
  ['br;q=0.2, gzip;q=0.9', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['*;q=0.1, br;q=0', 'gzip'],
  ['gzip;q=0.5, identity', undefined],
  ['identity', undefined],
  ['gzip;q=0, br;q=0.0', undefined],
  ['gzip;q=much', undefined],
  ['deflate', undefined],
  ['', undefined],
  [undefined, undefined],
])('of %s it is %s', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding);
});
