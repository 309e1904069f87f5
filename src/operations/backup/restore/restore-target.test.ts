import { expect, test } from 'vitest';
import { targetDsn } from './restore-target.ts';

const server = 'postgresql://postgres:secret@db:5432/postgres?sslmode=require';

test('the name of a database is one of the server to restore to', () => {
  expect(targetDsn('brownie_new', server)).toBe(
    'postgresql://postgres:secret@db:5432/brownie_new?sslmode=require',
  );
});

test('a DSN without a password is taken as it is', () => {
  expect(targetDsn('postgresql://postgres@other/brownie', server)).toBe(
    'postgresql://postgres@other/brownie',
  );
});

test.each([
  ['postgresql://postgres:canary@other/brownie', 'METADATA_BACKUP_RESTORE_DSN'],
  ['postgresql://postgres@other/brownie?password=canary', 'METADATA_BACKUP_RESTORE_DSN'],
  ['postgresql://postgres@other', 'name a database'],
  ['postgresql://postgres:canary@other:port/brownie', 'name a database'],
  ['Robert"; drop', 'no name of a database'],
])('%s is refused, and no password repeated', (into, reason) => {
  expect(() => targetDsn(into, server)).toThrow(reason);
  expect(() => targetDsn(into, server)).not.toThrow('canary');
});

test('without a server to restore to there is none to name a database of', () => {
  expect(() => targetDsn('brownie_new', undefined)).toThrow('METADATA_BACKUP_RESTORE_DSN');
});
