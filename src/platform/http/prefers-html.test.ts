import { expect, test } from 'vitest';
import { prefersHtml } from './prefers-html.ts';

test.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', true],
  ['text/html', true],
  ['TEXT/HTML ; Q=0.5', true],
  ['text/*, application/json;q=0.9', true],
  ['application/json;q=0.1, text/html;q=0.2', true],
  ['text/html;level=1', true],
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['application/json, text/plain, */*', false],
  ['text/html, application/json', false],
  ['text/html;q=0, */*', false],
  ['text/html;q=2', false],
  ['text/html;q=0.1, application/json;q=0.2', false],
  ['text/htmlx', false],
])('%s', (accept, isPage) => {
  expect(prefersHtml(accept)).toBe(isPage);
});
