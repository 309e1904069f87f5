import { expect, test } from 'vitest';
import { type RecoveryTarget, targetArguments } from './recovery-target.ts';

test.each<[RecoveryTarget, string[]]>([
  [{ type: 'latest' }, ['--type=default']],
  [{ type: 'lsn', at: '0/7000148' }, ['--type=lsn', '--target=0/7000148', '--target-action=promote']],
  [
    { type: 'time', at: '2025-10-24T04:00:00.123456Z' },
    ['--type=time', '--target=2025-10-24 04:00:00.123456+00', '--target-action=promote'],
  ],
  [
    { type: 'time', at: '2025-10-24 04:00:00+02:00' },
    ['--type=time', '--target=2025-10-24 04:00:00+02:00', '--target-action=promote'],
  ],
])('%j', (target, expected) => {
  expect(targetArguments(target)).toEqual(expected);
});

test.each<RecoveryTarget>([
  { type: 'time', at: '2025-10-24T04:00:00' },
  { type: 'time', at: 'yesterday' },
  { type: 'time', at: '2025-13-24T04:00:00Z' },
  { type: 'lsn', at: '7000148' },
])('%j is refused: it could mean another moment than was meant', (target) => {
  expect(() => targetArguments(target)).toThrow('no ');
});
