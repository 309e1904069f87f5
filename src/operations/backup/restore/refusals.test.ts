import { expect, test } from 'vitest';
import { OperationError, RefusedError } from '../../../platform/errors/operation-error.ts';
import { asRefusal } from './refusals.ts';

const ofServer = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const german =
  'pg_restore ended with 1: pg_restore: error: could not execute query: FEHLER:  keine Berechtigung';

test.each([
  ['by its SQLSTATE', ofServer('42501', 'keine Berechtigung'), true],
  [
    'by the SQLSTATE of its cause',
    new OperationError('it cannot be made', { cause: ofServer('42501', 'droits insuffisants') }),
    true,
  ],
  ['by its words', new OperationError('pg_restore ended with 1: … ERROR:  permission denied'), true],
  ['by what refused it, where its words cannot be told', new OperationError(german), false],
])('a lack of rights is told %s', (_, error, isEnglish) => {
  const refusal = asRefusal(error, isEnglish) as Error;
  expect(refusal).toBeInstanceOf(RefusedError);
  expect(refusal.message).toMatch(/name a superuser in METADATA_BACKUP_RESTORE_DSN/i);
  expect(refusal.message).toContain(error.message);
});

test.each([
  ['another SQLSTATE', ofServer('53100', 'could not extend file: No space left on device'), true],
  ['what a server says in English', new OperationError(german), true],
  [
    'a dump that cannot be read, in any language',
    new OperationError('pg_restore ended with 1: pg_restore: error: could not uncompress data'),
    false,
  ],
])('%s stays what it is', (_, error, isEnglish) => {
  expect(asRefusal(error, isEnglish)).toBe(error);
});
