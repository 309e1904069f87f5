import { migrationsDirectory } from '../database-gate.ts';
import {
  applyMigrations,
  type MigrationStatus,
  migrationFault,
  readMigrations,
  renderDryRun,
  renderProgress,
  renderStatus,
} from '../platform/migrations/index.ts';
import { openMigrationSession } from '../platform/migrations/migration-session.ts';
import { historyFault, migrationStatus } from '../platform/migrations/migration-status.ts';
import { commandConfig } from './command-config.ts';
import { CommandError } from './command-error.ts';
import { openDatabase } from './open-database.ts';

export interface MigrateOptions {
  readonly status?: boolean;
  readonly dryRun?: boolean;
}

/**
 * Applies what is pending, or with an option says what is. Pending migrations are no failure of `--status`; a history
 * that is not that of the files is one of every form.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  await using database = await openDatabase(commandConfig());
  if (options.status || options.dryRun) {
    const status = await statusOf(database.ownerDsn);
    process.stdout.write(
      options.dryRun ? renderDryRun(status) : `${renderStatus(status)}${nextStep(status)}`,
    );
    const fault = historyFault(status);
    if (fault !== null) {
      throw new CommandError(fault);
    }
    return;
  }
  const applied = await applyMigrations({
    dsn: database.ownerDsn,
    migrations: await readMigrations(migrationsDirectory),
    onProgress: (progress) => process.stdout.write(`${renderProgress(progress)}\n`),
  });
  const count = applied.length === 1 ? '1 migration' : `${applied.length} migrations`;
  process.stdout.write(
    applied.length === 0
      ? 'Nothing to apply: the schema is up to date.\n'
      : `${count} applied: the schema is up to date.\n`,
  );
}

async function statusOf(dsn: string): Promise<MigrationStatus> {
  const migrations = await readMigrations(migrationsDirectory);
  await using session = await openMigrationSession(dsn);
  return await migrationStatus(session.client, migrations);
}

/** What to do about a status; a history at fault is said on stderr instead. */
function nextStep(status: MigrationStatus): string {
  if (historyFault(status) !== null) {
    return '';
  }
  return migrationFault(status) === null
    ? 'The schema is up to date: `brownie serve` can start.\n'
    : 'Run `brownie migrate` to apply what is pending; `brownie migrate --dry-run` shows it first.\n';
}
