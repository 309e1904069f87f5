import { expect, test } from 'vitest';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts';

test('ten codes are made, of 80 bits each, in letters that are not mistaken', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}$/);
  }
});

test('a code is the same however it is typed', () => {
  const [code = '', other = ''] = newRecoveryCodes();
  for (const typed of [code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
    expect(recoveryCodeHash(typed)).toEqual(recoveryCodeHash(code));
  }
  expect(recoveryCodeHash(other)).not.toEqual(recoveryCodeHash(code));
});
