import { expect, test } from 'vitest';
import { mediaQuality, qualityValues } from './quality-values.ts';

test('each item has its weight, 1 where none is given and 0 where it is none', () => {
  const read = [...qualityValues('Text/HTML, text/plain ; q=0.5;x=1, */*;q=2, gzip;q=, br;q=1.000')];
  expect(read).toEqual([
    ['text/html', 1],
    ['text/plain', 0.5],
    ['*/*', 0],
    ['gzip', 0],
    ['br', 1],
  ]);
});

test('an item that stands there twice has the higher weight', () => {
  expect(qualityValues('a/b;version=2, a/b;version=1;q=0.5').get('a/b')).toBe(1);
});

test.each([
  ['text/html;q=0.3, text/*;q=0.7, */*', 0.3],
  ['text/*;q=0.7, */*', 0.7],
  ['*/*;q=0.1', 0.1],
  ['application/json', 0],
  ['application/json,', 0],
  ['', 0],
])('%s asks for text/html by %d', (accept, quality) => {
  expect(mediaQuality(accept, 'text/html')).toBe(quality);
});
