import type { DoctorContext } from '../doctor-context.ts';
import type { Session } from '../session.ts';
import { type Fact, type FactKind, identityOf, readSchema } from './read-schema.ts';
import { expectedFacts, readSnapshot } from './schema-snapshot.ts';

/** A schema held against what the migrations that are applied to it make. */
export interface SchemaComparison {
  readonly expected: readonly Fact[];
  readonly missing: readonly Fact[];
  /** What is there and of no migration. */
  readonly further: readonly Fact[];
  /** Whether migrations are applied that this version does not know: they may have taken what it expects. */
  readonly isAhead: boolean;
}

/**
 * Compares facts of some kinds; undefined where no migration is applied. @NOTE what is pending has a check of its own, and what it
 * brings is not missing yet.
 */
export async function compareSchema(
  context: DoctorContext,
  ...kinds: readonly FactKind[]
): Promise<SchemaComparison | undefined> {
  const session = await context.service();
  const applied = await appliedMigrations(context, session);
  const steps = await readSnapshot();
  const ofKinds = (facts: readonly Fact[]) => facts.filter(({ kind }) => kinds.includes(kind));
  const expected = ofKinds(expectedFacts(steps, applied));
  const found = ofKinds(await readSchema(session.sender));
  const without = (facts: readonly Fact[], others: readonly Fact[]): readonly Fact[] => {
    const known = new Set(others.map(identityOf));
    return facts.filter((fact) => !known.has(identityOf(fact)));
  };
  return expected.length === 0
    ? undefined
    : {
        expected,
        missing: without(expected, found),
        further: without(found, expected),
        isAhead: applied.size > steps.filter(({ number }) => applied.has(number)).length,
      };
}

/** @NOTE the service's login may have lost the right to read them, which a check of its own tells. */
async function appliedMigrations(context: DoctorContext, session: Session): Promise<ReadonlySet<number>> {
  const question = 'select number from brownie_migrations';
  const rows = await session
    .rows<{ number: number }>(question)
    .catch(async () => (await context.owner()).rows<{ number: number }>(question));
  return new Set(rows.map(({ number }) => number));
}
