import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programRoot } from '../../../platform/system/package-root.ts';
import { type Fact, identityOf } from './read-schema.ts';

/** What one migration changed in the schema. */
export interface SchemaStep {
  /** Of the migration. */
  readonly number: number;
  /** What was there before, and is not afterwards; of something that it changed, the former state. */
  readonly takes: readonly Fact[];
  readonly brings: readonly Fact[];
}

/** What each migration of this version made of a real PostgreSQL: written by test/contract/schema-snapshot.test.ts. */
export const snapshotFile = join(programRoot, 'operations/doctor/schema/schema-snapshot.json');

export const readSnapshot = async (): Promise<readonly SchemaStep[]> =>
  JSON.parse(await readFile(snapshotFile, 'utf8')) as readonly SchemaStep[];

/** What is in a schema to which these migrations, and no others, are applied. */
export function expectedFacts(steps: readonly SchemaStep[], applied: ReadonlySet<number>): readonly Fact[] {
  const facts = new Map<string, Fact>();
  for (const { takes, brings } of steps.filter(({ number }) => applied.has(number))) {
    for (const fact of takes) {
      facts.delete(identityOf(fact));
    }
    for (const fact of brings) {
      facts.set(identityOf(fact), fact);
    }
  }
  return [...facts.values()];
}
