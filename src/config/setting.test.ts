import { expect, test } from 'vitest';
import { plainText } from './setting.ts';

test.each([
  ['no marks', 'no marks'],
  ['`/api/v1/ops` of `backups`', '/api/v1/ops of backups'],
  ['see [embedded mode](#embedded-mode).', 'see embedded mode.'],
  ['with [age](https://age-encryption.org).', 'with age (https://age-encryption.org).'],
])('%s', (markdown, plain) => {
  expect(plainText(markdown)).toBe(plain);
});
