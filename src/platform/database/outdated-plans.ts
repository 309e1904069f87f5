import pg from 'pg';
import { failureOf } from './database-failures.ts';
import { forgetStatements } from './prepared-statements.ts';

/**
 * SQLSTATEs that may also be of a statement that was prepared before a migration; where they are not, they stay when it is
 * prepared anew.
 */
const suspect: ReadonlySet<string | undefined> = new Set([
  '42804', // a column is of another type than the parameter that was prepared for it
  '42883', // no such operator for the types that were prepared
  'XX000', // cache lookup failed: what the plan names was made anew
]);

const attemptsMax = 3;

/** True where the statement may succeed once it is prepared anew. */
export const isOutdated = (error: unknown): boolean =>
  failureOf(error)?.kind === 'outdated_plan' ||
  (error instanceof pg.DatabaseError && suspect.has(error.code));

/**
 * Runs `work`, which is all or nothing, on a connection; where a statement of it was prepared before a migration, prepares all
 * statements of the connection anew and runs it again. Throws what the last attempt threw.
 */
export async function withFreshPlans<Result>(
  client: pg.ClientBase,
  work: () => Promise<Result>,
  onRetry: (why: string) => void = () => undefined,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attemptsMax || !isOutdated(error)) {
        throw error;
      }
      onRetry('a statement was prepared before a migration: all of the connection are prepared anew');
      // @NOTE all of them: what has changed for one has changed for its neighbours, and each would cost an attempt of its own.
      await forgetStatements(client);
    }
  }
}
