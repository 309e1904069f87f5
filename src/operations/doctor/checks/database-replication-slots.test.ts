import { expect, test } from 'vitest';
import { judgeSlots } from './database-replication-slots.ts';

const mib = 1024 ** 2;
const slot = { name: 'standby', isRead: true, held: 0, status: 'reserved', isBounded: false };

test.each([
  ['a standby that keeps up', slot, 'ok'],
  ['one that starts again', { ...slot, isRead: false, held: 63 * mib }, 'ok'],
  ['one that does not come back', { ...slot, isRead: false, held: 80 * mib }, 'warning'],
  ['one that has lost its WAL', { ...slot, status: 'lost' }, 'warning'],
  ['one that fills the disk', { ...slot, held: 20_000 * mib, status: 'extended' }, 'critical'],
  ['one that a bound will drop', { ...slot, held: 20_000 * mib, isBounded: true }, 'warning'],
] as const)('%s: %3$s', (_, changed, severity) => {
  expect(judgeSlots([changed]).severity).toBe(severity);
});

test('who reads it, how much it holds and how it is dropped are said', () => {
  expect(judgeSlots([{ ...slot, isRead: false, held: 80 * mib }])).toMatchObject({
    evidence: ['standby: nobody reads it, 80 MiB, reserved'],
    remedy: expect.stringContaining("select pg_drop_replication_slot('standby')"),
  });
});
