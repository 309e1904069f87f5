import { expect, test } from 'vitest';
import { newestBefore } from './base-backup.ts';

const at = (moment: string): number => Date.parse(moment) / 1000;
const backups = [
  { label: 'first', timestamp: { stop: at('2025-10-24T02:00:00Z') } },
  { label: 'second', timestamp: { stop: at('2025-10-25T02:00:00Z') } },
];

test('a recovery goes on from the newest backup, or the newest before its time', () => {
  expect(newestBefore({ type: 'latest' }, backups)).toBe('second');
  expect(newestBefore({ type: 'time', at: '2025-10-25T02:00:01Z' }, backups)).toBe('second');
  expect(newestBefore({ type: 'time', at: '2025-10-25 02:00:00+00:00' }, backups)).toBe('first');
  expect(newestBefore({ type: 'time', at: '2025-10-25T04:00:00+02' }, backups)).toBe('first');
  expect(newestBefore({ type: 'time', at: '2025-10-25T04:30:00+0200' }, backups)).toBe('second');
});

test('where it is for pgBackRest to find, it is not guessed', () => {
  expect(newestBefore({ type: 'lsn', at: '0/7000148' }, backups)).toBeUndefined();
});

test('a time before all of them, and a repository without any, are refused', () => {
  expect(() => newestBefore({ type: 'time', at: '2025-10-24T02:00:00Z' }, backups)).toThrow(
    'the first one ended at 2025-10-24T02:00:00.000Z',
  );
  expect(() => newestBefore({ type: 'latest' }, [])).toThrow('brownie backup pitr full');
});
