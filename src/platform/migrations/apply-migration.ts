import { type ConcurrentIndex, concurrentIndex } from './concurrent-index.ts';
import { inTransaction } from './in-transaction.ts';
import { dropInvalidIndex, indexState } from './index-repair.ts';
import type { Migration } from './migration.ts';
import { MigrationError } from './migration-error.ts';
import { requireMigrationLock } from './migration-lock.ts';
import { recordMigration } from './migration-table.ts';
import type { SqlClient } from './sql-client.ts';
import type { SqlStatement } from './sql-statements.ts';

// @NOTE A migration that sets search_path or a role must not lead the next one, or our own row, astray.
const resetSession = 'reset all; reset role';

/**
 * Applies one migration and its row in `table`, both or neither.
 * @returns how long it took, in milliseconds
 * Throws MigrationError
 */
export async function applyInTransaction(
  client: SqlClient,
  table: string,
  migration: Migration,
): Promise<number> {
  const startedAt = performance.now();
  return inTransaction(client, async () => {
    await requireMigrationLock(client);
    await setUp(client, migration, 'local');
    for (const statement of migration.statements) {
      await run(client, migration, statement);
    }
    await client.query(resetSession);
    const durationMs = performance.now() - startedAt;
    await recordMigration(client, table, migration, durationMs);
    return durationMs;
  });
}

/**
 * Applies the one statement of a migration outside a transaction, then its row in `table`. An index that it would
 * build but that is left invalid, by an earlier run or by this one, is dropped and built again.
 * @param onRepair called for each invalid index that was dropped
 * @returns how long it took, in milliseconds
 * Throws MigrationError
 */
export async function applyOutsideTransaction(
  client: SqlClient,
  table: string,
  migration: Migration,
  onRepair: (indexName: string) => void,
): Promise<number> {
  const startedAt = performance.now();
  await requireMigrationLock(client);
  await setUp(client, migration, 'session');
  for (const statement of migration.statements) {
    const index = concurrentIndex(statement.words);
    if (index === null) {
      await run(client, migration, statement);
    } else {
      await buildIndex(client, migration, statement, index, onRepair);
    }
  }
  await client.query(resetSession);
  const durationMs = performance.now() - startedAt;
  await recordMigration(client, table, migration, durationMs);
  return durationMs;
}

async function buildIndex(
  client: SqlClient,
  migration: Migration,
  statement: SqlStatement,
  index: ConcurrentIndex,
  onRepair: (indexName: string) => void,
): Promise<void> {
  const repair = async () => {
    const dropped = await dropInvalidIndex(client, index);
    if (dropped) {
      onRepair(index.name);
    }
    return dropped;
  };
  try {
    await repair();
    await run(client, migration, statement);
    if (await repair()) {
      await run(client, migration, statement);
    }
  } catch (error) {
    // @NOTE Tidied here if that is quick; else the next run does it, which looks for a leftover first.
    await client
      .query(`set statement_timeout = '10s'`)
      .then(() => dropInvalidIndex(client, index))
      .catch(() => undefined);
    throw error;
  }
  if ((await indexState(client, index)) === 'valid') {
    return;
  }
  const taken = new Error(
    `there is no index "${index.name}" on ${index.table} now: something else has its name`,
  );
  throw new MigrationError(migration, statement, taken);
}

async function run(client: SqlClient, migration: Migration, statement: SqlStatement): Promise<void> {
  try {
    await client.query(statement.text);
  } catch (error) {
    throw new MigrationError(migration, statement, error);
  }
}

/**
 * Sets the timeouts, and row_security off. @NOTE forced row-level security hides the rows of all tenants from their owner: a foreign key
 * would be found valid over orphans, or refused over rows that are right, and an update would miss them all, without a word.
 * With row_security off the server refuses what it would filter (SQLSTATE 42501).
 */
async function setUp(client: SqlClient, migration: Migration, scope: 'local' | 'session'): Promise<void> {
  await client.query(
    `select set_config('lock_timeout', $1, $3), set_config('statement_timeout', $2, $3), set_config('row_security', 'off', $3)`,
    [migration.lockTimeout, migration.statementTimeout, scope === 'local'],
  );
}
