import { expect, test } from 'vitest';
import { judgeRecoveryEnd } from './recovery-end.ts';

const newest = '00000001000000020000000A';

test.each([
  ['in the newest segment', '00000001', '2/A000148'],
  ['at its very end', '00000001', '2/B000000'],
  ['behind it, with what pg_receivewal had', '00000001', '2/C000148'],
])('a recovery that ended %s is whole', (_, timeline, lsn) => {
  expect(judgeRecoveryEnd({ timeline, lsn }, newest)).toMatchObject({ isOk: true });
});

test.each([
  ['a segment before', '00000001', '2/9FFFF00'],
  ['where the newest one begins', '00000001', '2/A000000'],
  ['farther, on a timeline that was left', '00000002', '2/F000148'],
])('one that ended %s is not', (_, timeline, lsn) => {
  const { isOk, detail } = judgeRecoveryEnd({ timeline, lsn }, newest);
  expect([isOk, detail]).toEqual([false, expect.stringContaining(`ended at ${lsn}`)]);
});

test('the size of segments counts', () => {
  expect(judgeRecoveryEnd({ timeline: '00000001', lsn: '2/28000148' }, newest, 64).isOk).toBe(true);
  expect(judgeRecoveryEnd({ timeline: '00000001', lsn: '2/27000148' }, newest, 64).isOk).toBe(false);
});
