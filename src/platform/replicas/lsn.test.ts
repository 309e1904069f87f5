import { expect, test } from 'vitest';
import { formatLsn, parseLsn } from './lsn.ts';

test.each(['0/0', '16/B374D848', 'FFFFFFFF/FFFFFFFF', '1/0'])('%s is read and written', (text) => {
  expect(formatLsn(parseLsn(text) ?? -1n)).toBe(text);
});

test('a later position is the greater number', () => {
  expect(parseLsn('2/0')).toBeGreaterThan(parseLsn('1/FFFFFFFF') ?? 0n);
});

test.each(['', '16', '16/', '/16', '16/B374D8480', 'x/1', '1/2/3', ' 1/2', '-1/2'])('%j is none', (text) => {
  expect(parseLsn(text)).toBeUndefined();
});
