import pg from 'pg';
import { expect, test } from 'vitest';
import { type Fact, readSchema } from '../../src/operations/doctor/schema/read-schema.ts';
import {
  expectedFacts,
  readSnapshot,
  type SchemaStep,
  snapshotFile,
} from '../../src/operations/doctor/schema/schema-snapshot.ts';
import { migrationsDirectory } from '../../src/platform/database/preflight.ts';
import { applyMigrations, readMigrations } from '../../src/platform/migrations/index.ts';
import { createOwnDatabase } from '../harness/own-database.ts';

/** Applies the migrations to an empty database, one after the other, and keeps what each made of its schema. */
async function takeSnapshot(dsn: string): Promise<readonly SchemaStep[]> {
  const migrations = await readMigrations(migrationsDirectory);
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    const steps: SchemaStep[] = [];
    let before: readonly Fact[] = [];
    for (const [index, { number }] of migrations.entries()) {
      const applied = migrations.slice(0, index + 1);
      await applyMigrations({ dsn, migrations: applied, onProgress: () => undefined });
      const after = await readSchema(client);
      steps.push({ number, takes: without(before, after), brings: without(after, before) });
      before = after;
    }
    return steps;
  } finally {
    await client.end();
  }
}

function without(facts: readonly Fact[], others: readonly Fact[]): readonly Fact[] {
  const known = new Set(others.map((fact) => JSON.stringify(fact)));
  return facts.filter((fact) => !known.has(JSON.stringify(fact)));
}

/** A fact a line, so that a change of the file can be read. */
function render(steps: readonly SchemaStep[]): string {
  const list = (facts: readonly Fact[]): string =>
    facts.length === 0
      ? '[]'
      : `[\n${facts.map((fact) => `      ${JSON.stringify(fact)}`).join(',\n')}\n    ]`;
  const rendered = steps.map(
    ({ number, takes, brings }) =>
      `  {\n    "number": ${number},\n    "takes": ${list(takes)},\n    "brings": ${list(brings)}\n  }`,
  );
  return `[\n${rendered.join(',\n')}\n]\n`;
}

test('what the doctor expects of a schema is what the migrations make', async () => {
  await using database = await createOwnDatabase({ isMigrated: false });
  const steps = await takeSnapshot(database.owner);
  await expect(
    render(steps),
    'write it again: npm test -- test/contract/schema-snapshot.test.ts --update',
  ).toMatchFileSnapshot(snapshotFile);
});

test('what is expected grows and shrinks with the migrations that are applied', async () => {
  const steps = await readSnapshot();
  const named = (last: number, name: string): boolean =>
    expectedFacts(steps, new Set(steps.map(({ number }) => number).filter((number) => number <= last))).some(
      (fact) => fact.name === name,
    );
  expect([named(0, 'incidents'), named(1, 'incidents'), named(2, 'incidents')]).toEqual([false, false, true]);
  expect([named(10, 'incidents_all_idx'), named(11, 'incidents_all_idx')]).toEqual([true, false]);
});
