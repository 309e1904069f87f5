import { type Migration, migrationLabel } from './migration.ts';
import { type AppliedMigration, appliedMigrations } from './migration-table.ts';
import type { SqlClient } from './sql-client.ts';

/** What a database has of the migrations that this code knows. Each list is in the order of the numbers. */
export interface MigrationStatus {
  /** Applied, and the file still says the same. */
  readonly applied: readonly AppliedMigration[];
  readonly pending: readonly Migration[];
  /** Applied, but the file says something else now. */
  readonly changed: readonly { readonly migration: Migration; readonly applied: AppliedMigration }[];
  /** Applied by newer code and unknown to this one; allowed, since code N-1 runs on schema N. */
  readonly ahead: readonly AppliedMigration[];
}

/**
 * Compares a database with the migrations of this code. Needs no more than SELECT on `brownie_migrations`, and where
 * that table does not exist everything is pending.
 * Throws the error of `pg`, such as 42501 without the right to SELECT
 */
export async function migrationStatus(
  client: SqlClient,
  migrations: readonly Migration[],
): Promise<MigrationStatus> {
  const rows = await appliedMigrations(client);
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  const done = new Set(rows.map(({ number }) => number));
  return {
    applied: rows.filter(({ number, checksum }) => known.get(number)?.checksum === checksum),
    pending: migrations.filter(({ number }) => !done.has(number)),
    changed: rows.flatMap((applied) => {
      const migration = known.get(applied.number);
      return migration === undefined || migration.checksum === applied.checksum
        ? []
        : [{ migration, applied }];
    }),
    ahead: rows.filter(({ number }) => !known.has(number)),
  };
}

/** The one line with which `serve` refuses to start, or null when the schema is fit for this code. */
export function migrationFault(status: MigrationStatus): string | null {
  const fault = historyFault(status);
  const [first] = status.pending;
  const last = status.pending.at(-1);
  if (fault !== null || first === undefined || last === undefined) {
    return fault;
  }
  const which =
    first === last
      ? `1 migration is pending (${migrationLabel(first)})`
      : `${status.pending.length} migrations are pending (${migrationLabel(first)} to ${migrationLabel(last)})`;
  return `${which}: run \`brownie migrate\` before \`brownie serve\``;
}

/** The line that says why nothing may be applied to this database, or null: its history is not the files' history. */
export function historyFault({ applied, pending, changed, ahead }: MigrationStatus): string | null {
  const [edited] = changed;
  if (edited !== undefined) {
    const more = changed.length === 1 ? '' : `, and ${changed.length - 1} more`;
    return `${edited.migration.file} was changed after it was applied at ${edited.applied.appliedAt}${more}: restore the file and make the change in a new migration`;
  }
  const [first] = pending;
  const newest = [...applied, ...ahead].toSorted((a, b) => a.number - b.number).at(-1);
  if (first === undefined || newest === undefined || newest.number < first.number) {
    return null;
  }
  return `${migrationLabel(newest)} is applied, but ${migrationLabel(first)} before it is not: deploy the code that brought ${migrationLabel(newest)}, or restore the rows of brownie_migrations`;
}
