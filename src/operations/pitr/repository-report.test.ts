import { expect, test } from 'vitest';
import { readReport } from './repository-report.ts';

const sound = `stanza: brownie
status: ok
  archiveId: 15-1, total WAL checked: 8, total valid WAL: 8
    missing: 0, checksum invalid: 0, size invalid: 0, other: 0
  backup: 20261125-152413F, status: valid, total files checked: 1360, total valid files: 1360
    missing: 0, checksum invalid: 0, size invalid: 0, other: 0
`;

test('a sound repository has no faults', () => {
  expect(readReport(sound)).toEqual({ faults: [], backups: 1, segments: 8 });
});

// What pgBackRest 2.45 wrote of real damage, each time with exit code 0.
const damaged = `stanza: brownie
status: error
  archiveId: 15-1, total WAL checked: 8, total valid WAL: 7
    missing: 0, checksum invalid: 0, size invalid: 0, other: 1
  backup: 20261125-152413F, status: invalid, total files checked: 1360, total valid files: 1359
    missing: 0, checksum invalid: 1, size invalid: 0, other: 0
`;

test('damage is told, of archive and backup', () => {
  expect(readReport(damaged).faults).toEqual([
    'archive 15-1: other: 1',
    'backup 20261125-152413F is invalid',
    'backup 20261125-152413F: checksum invalid: 1',
  ]);
});

test.each([
  ['stanza: brownie\nstatus: error\n', 'pgbackrest says: stanza: brownie, status: error'],
  ['', 'pgbackrest says: nothing'],
])('%j is no good news, whatever it means', (text, fault) => {
  expect(readReport(text).faults).toEqual([fault]);
});
