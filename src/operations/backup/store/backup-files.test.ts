import { expect, test } from 'vitest';
import { backupName, draftName, isBackupName, isDraftName } from './backup-files.ts';

test('a backup is named after its second in UTC, and a draft is no backup', () => {
  const name = backupName(new Date('2025-10-24T12:00:00.999+02:00'));
  expect(name).toBe('backup_20251024_100000');
  expect([isBackupName(name), isDraftName(name)]).toEqual([true, false]);
  expect([isBackupName(draftName(name)), isDraftName(draftName(name))]).toEqual([false, true]);
});

test.each([
  'backup_20251024_120000.sql.gz',
  'backup_20251024_12000',
  'lost+found',
  '../backup_20251024_120000',
])('%s is none of ours', (name) => {
  expect(isBackupName(name)).toBe(false);
});
