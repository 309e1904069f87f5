import { describe, expect, test } from 'vitest';
import type { MigrationStatus } from './migration-status.ts';
import { migrationFault } from './migration-status.ts';
import type { AppliedMigration } from './migration-table.ts';
import { renderDryRun, renderProgress, renderStatus } from './render-migrations.ts';
import { migrationsOf } from './test-support/fixtures.ts';

const [one, two, three, four] = migrationsOf(
  'select 1',
  'select 2',
  '-- Adds the severity.\nselect 3',
  `-- brownie: no-transaction\n-- Finds it.\nvacuum ${'t, '.repeat(600)}t`,
);
if (!one || !two || !three || !four) {
  throw new Error('there are four migrations');
}

const row = (number: number, name = `step-${number}`): AppliedMigration => {
  return { number, name, checksum: '', appliedAt: '2025-10-24T04:00:00Z', appliedBy: 'owner', durationMs: 1 };
};
const empty: MigrationStatus = { applied: [], pending: [], changed: [], ahead: [] };
const upToDate: MigrationStatus = { ...empty, applied: [row(1), row(2)] };

describe('renderStatus', () => {
  test('is a table in the order of the numbers', () => {
    const status = {
      applied: [row(1)],
      changed: [{ migration: two, applied: row(2) }],
      pending: [three],
      ahead: [row(9, 'later')],
    };
    expect(renderStatus(status)).toBe(
      [
        'number  name    state    applied at',
        '0001    step-1  applied  2025-10-24T04:00:00Z',
        '0002    step-2  changed  2025-10-24T04:00:00Z',
        '0003    step-3  pending  -',
        '0009    later   ahead    2025-10-24T04:00:00Z',
        '',
        '1 applied, 1 pending, 1 changed after being applied, 1 ahead (applied by newer code).',
        '',
      ].join('\n'),
    );
  });

  test('says when nothing is applied', () => {
    expect(renderStatus({ ...empty, pending: [one, two] })).toContain('\n\nNothing is applied; 2 pending.\n');
  });
});

describe('renderDryRun', () => {
  test('lists what would be applied', () => {
    expect(renderDryRun({ ...upToDate, pending: [three, four] })).toBe(
      [
        '2 migrations would be applied:',
        '  0003-step-3.sql  30 B    lock 500ms, statement 60s  Adds the severity.',
        '  0004-step-4.sql  1.8 kB  no transaction, 30min      Finds it.',
        '',
      ].join('\n'),
    );
  });

  test('says why nothing would be', () => {
    expect(renderDryRun(upToDate)).toBe('Nothing would be applied: the schema is up to date.\n');
    const changed = [{ migration: two, applied: row(2) }];
    expect(renderDryRun({ ...empty, changed, pending: [three] })).toContain(
      '0002-step-2.sql was changed after',
    );
  });
});

test('renderProgress is one line for each step', () => {
  const migration = one;
  const retry = { tries: 2, sqlState: '55P03', delayMs: 1500 };
  expect([
    renderProgress({ kind: 'waiting', holder: null }),
    renderProgress({ kind: 'waiting', holder: { pid: 7, applicationName: '' } }),
    renderProgress({ kind: 'applying', migration }),
    renderProgress({ kind: 'retrying', migration, retry }),
    renderProgress({ kind: 'repairing', migration, indexName: 'i' }),
    renderProgress({ kind: 'applied', migration, durationMs: 12 }),
  ]).toEqual([
    'waiting for another run on this database',
    'waiting for another run on this database: pid 7 (unnamed)',
    '0001-step-1: applying',
    '0001-step-1: a lock is held by others (SQLSTATE 55P03, try 2), next try in 1.5 s',
    '0001-step-1: index i was left invalid, building it again',
    '0001-step-1: applied in 0.012 s',
  ]);
});

describe('migrationFault', () => {
  test('is null when the schema is up to date or ahead', () => {
    expect(migrationFault(upToDate)).toBeNull();
    expect(migrationFault({ ...upToDate, ahead: [row(3)] })).toBeNull();
  });

  test('names what is pending', () => {
    expect(migrationFault({ ...empty, pending: [one] })).toBe(
      '1 migration is pending (0001-step-1): run `brownie migrate` before `brownie serve`',
    );
    expect(migrationFault({ ...empty, pending: [one, two, three] })).toMatch(
      /^3 migrations are pending \(0001-step-1 to 0003-step-3\): run `brownie migrate`/,
    );
  });

  test('names what was changed', () => {
    const changed = [one, two].map((migration) => ({ migration, applied: row(migration.number) }));
    expect(migrationFault({ ...empty, changed })).toMatch(
      /^0001-step-1\.sql was changed after it was applied at 2025-10-24T04:00:00Z, and 1 more: restore the file/,
    );
  });

  test('names a hole in the history', () => {
    expect(migrationFault({ ...upToDate, pending: [three], ahead: [row(5, 'later')] })).toMatch(
      /^0005-later is applied, but 0003-step-3 before it is not/,
    );
  });
});
