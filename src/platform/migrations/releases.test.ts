import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../system/version.ts';
import { readMigrations } from './read-migrations.ts';
import { releaseOf, releases } from './releases.ts';

const root = join(import.meta.dirname, '../../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the last release is this program, with migrations that are there and an entry in the changelog', async () => {
  const { version: last, lastMigration = 0 } = releases.at(-1) ?? {};
  const migrations = await readMigrations(join(root, 'migrations'));
  expect(last).toBe(version);
  expect(lastMigration).toBeLessThanOrEqual(migrations.length);
  for (const release of releases) {
    expect(textOf('CHANGELOG.md')).toMatch(
      new RegExp(`^## \\[${release.version}\\] - \\d{4}-\\d\\d-\\d\\d$`, 'm'),
    );
  }
});

test('the table of the procedure is that of the program', () => {
  const rows = [...textOf('docs/procedures/updating.md').matchAll(/^\| (\d+\.\d+\.\d+) \| (\d{4}) \|/gm)];
  expect(rows.map(([, release, last]) => ({ version: release, lastMigration: Number(last) }))).toEqual(
    releases,
  );
});

test('a schema is of the newest release whose migrations it has', () => {
  const all = [
    { version: '1.0.0', lastMigration: 3 },
    { version: '1.1.0', lastMigration: 3 },
    { version: '2.0.0', lastMigration: 7 },
  ];
  expect([2, 3, 6, 7, 9].map((last) => releaseOf(last, all)?.version)).toEqual([
    undefined,
    '1.1.0',
    '1.1.0',
    '2.0.0',
    '2.0.0',
  ]);
});
