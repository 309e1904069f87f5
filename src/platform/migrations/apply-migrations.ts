import { applyInTransaction, applyOutsideTransaction } from './apply-migration.ts';
import { type LockRetry, retryOnLocks } from './lock-retries.ts';
import type { Migration } from './migration.ts';
import { MigrationError, MigrationRefusedError } from './migration-error.ts';
import { acquireMigrationLock, type LockHolder } from './migration-lock.ts';
import { openMigrationSession } from './migration-session.ts';
import { historyFault, migrationStatus } from './migration-status.ts';
import { ensureMigrationTable } from './migration-table.ts';
import type { SqlClient } from './sql-client.ts';

/** What a run tells while it goes. */
export type MigrationProgress =
  | { readonly kind: 'waiting'; readonly holder: LockHolder | null }
  | { readonly kind: 'applying'; readonly migration: Migration }
  | { readonly kind: 'retrying'; readonly migration: Migration; readonly retry: LockRetry }
  | { readonly kind: 'repairing'; readonly migration: Migration; readonly indexName: string }
  | { readonly kind: 'applied'; readonly migration: Migration; readonly durationMs: number };

export interface ApplyMigrationsOptions {
  /** Of the role that owns the schema, over a direct connection (no pooler in transaction mode). */
  readonly dsn: string;
  readonly migrations: readonly Migration[];
  readonly onProgress: (progress: MigrationProgress) => void;
  /** How long to wait for another run on this database; 60,000 by default. */
  readonly waitMs?: number;
}

/**
 * Applies what is pending, in order, each once however many runs start together: the others wait, then find it done.
 * A migration and its row in `brownie_migrations` commit together; one that meets a lock of somebody else is tried
 * again. When one fails, those before it stay applied.
 * @returns the migrations that this run applied
 * Throws MigrationRefusedError when the history is not that of the files, or another run takes longer than `waitMs`
 * Throws MigrationError when a migration fails
 * Throws the error of `pg` when the database cannot be reached or the table not be created
 */
export async function applyMigrations({
  dsn,
  migrations,
  onProgress,
  waitMs = 60_000,
}: ApplyMigrationsOptions): Promise<readonly Migration[]> {
  await using session = await openMigrationSession(dsn);
  const { client } = session;
  await acquireMigrationLock(client, {
    waitMs,
    onWaiting: (holder) => onProgress({ kind: 'waiting', holder }),
  });
  const table = await ensureMigrationTable(client);
  // @NOTE Read under the lock: what another run applied meanwhile is not pending any more.
  const status = await migrationStatus(client, migrations);
  const refusal = historyFault(status);
  if (refusal !== null) {
    throw new MigrationRefusedError(refusal);
  }
  for (const migration of status.pending) {
    await applyOne(client, table, migration, onProgress);
  }
  return status.pending;
}

async function applyOne(
  client: SqlClient,
  table: string,
  migration: Migration,
  onProgress: (progress: MigrationProgress) => void,
): Promise<void> {
  const onRepair = (indexName: string) => onProgress({ kind: 'repairing', migration, indexName });
  const attempt = async () => {
    try {
      return migration.transactional
        ? await applyInTransaction(client, table, migration)
        : await applyOutsideTransaction(client, table, migration, onRepair);
    } catch (error) {
      if (error instanceof MigrationError || error instanceof MigrationRefusedError) {
        throw error;
      }
      throw new MigrationError(migration, null, error);
    }
  };
  onProgress({ kind: 'applying', migration });
  const durationMs = await retryOnLocks(attempt, (retry) =>
    onProgress({ kind: 'retrying', migration, retry }),
  );
  onProgress({ kind: 'applied', migration, durationMs });
}
