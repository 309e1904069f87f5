import { describe, expect, test } from 'vitest';
import type { MigrationStatus } from '../../platform/migrations/index.ts';
import { parseMigration } from '../../platform/migrations/migration.ts';
import { upgradePlan } from './upgrade-plan.ts';

const releases = [
  { version: '1.0.0', lastMigration: 2 },
  { version: '1.1.0', lastMigration: 4 },
  { version: '1.2.0', lastMigration: 5 },
];
const file = (number: number): string => `000${number}-step.sql`;
const parsed = (number: number) => {
  const migration = parseMigration(file(number), 'select 1;');
  if ('faults' in migration) {
    throw new Error(migration.faults.join());
  }
  return migration;
};
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
const row = (number: number) => ({
  ...parsed(number),
  appliedAt: '2026-01-01T00:00:00.000Z',
  appliedBy: 'owner',
  durationMs: 1,
});

/** A database that has the first `last` migrations, seen by a program that has five. */
const statusAt = (last: number): MigrationStatus => ({
  applied: numbers(1, Math.min(last, 5)).map(row),
  pending: numbers(last + 1, 5).map(parsed),
  changed: [],
  ahead: numbers(6, last).map(row),
});
const planAt = (last: number, serverVersion = 170_004) =>
  upgradePlan({ status: statusAt(last), version: '1.2.0', releases, serverVersion });

describe('an update', () => {
  test('from the release before has nothing in its way', () => {
    expect(planAt(4)).toEqual({ from: '1.1.0', to: '1.2.0', pending: [file(5)], obstacles: [] });
  });

  test('of a database that is up to date, or empty, has nothing in its way', () => {
    expect(planAt(5)).toMatchObject({ from: '1.2.0', pending: [], obstacles: [] });
    expect(planAt(0)).toMatchObject({ from: null, pending: numbers(1, 5).map(file), obstacles: [] });
  });

  test('over more than one release goes step by step', () => {
    const { from, obstacles } = planAt(3);
    expect(from).toBe('1.0.0');
    expect(obstacles).toMatchObject([
      { severity: 'warning', remedy: expect.stringContaining('step by step (1.1.0, 1.2.0)') },
    ]);
  });

  test('from before the first release stops the old instances', () => {
    expect(planAt(1)).toMatchObject({
      from: null,
      obstacles: [{ severity: 'warning', finding: expect.stringContaining('before the first release') }],
    });
  });

  test('that would go back says so', () => {
    expect(planAt(7)).toMatchObject({
      from: '1.2.0',
      pending: [],
      obstacles: [
        { severity: 'warning', finding: expect.stringContaining('2 migrations that this program') },
      ],
    });
  });

  test.each([
    [14, 'critical'],
    [15, undefined],
    [18, undefined],
    [19, 'warning'],
  ])('on PostgreSQL %d: %s', (major, severity) => {
    expect(planAt(5, major * 10_000 + 3).obstacles[0]?.severity).toBe(severity);
  });

  test('of a history that is not that of the files is refused', () => {
    const [first, ...applied] = numbers(1, 4).map(row);
    const status = {
      ...statusAt(4),
      applied,
      changed: first ? [{ migration: parsed(1), applied: first }] : [],
    };
    const plan = upgradePlan({ status, version: '1.2.0', releases, serverVersion: 180_000 });
    expect(plan.obstacles).toMatchObject([
      { severity: 'critical', finding: expect.stringContaining('was changed after it was applied') },
    ]);
  });
});
