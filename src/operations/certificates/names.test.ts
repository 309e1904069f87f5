import { expect, test } from 'vitest';
import { sameName } from './names.ts';

test.each([
  ['0:0:0:0:0:0:0:1', '::1'],
  ['FE80::1', 'fe80::1'],
  ['127.0.0.1', '127.0.0.1'],
  ['DB.Example.com', 'db.example.com'],
])('%s is %s', (name, same) => {
  expect(sameName(name)).toBe(same);
});
