import { migrationsDirectory } from '../platform/database/preflight.ts';
import {
  applyMigrations,
  type MigrationStatus,
  migrationFault,
  migrationRows,
  readMigrations,
  renderDryRun,
  renderProgress,
  renderStatus,
} from '../platform/migrations/index.ts';
import { openMigrationSession } from '../platform/migrations/migration-session.ts';
import { historyFault, migrationStatus } from '../platform/migrations/migration-status.ts';
import { pluralize } from '../platform/system/wording.ts';
import { commandConfig } from './command-config.ts';
import { noteOperatorEvent } from './note-operator-event.ts';
import { openDatabase } from './open-database.ts';
import { type Outcome, report } from './outcome.ts';

export interface MigrateOptions {
  readonly status?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/**
 * Applies what is pending, or with an option says what is. Pending migrations are no failure of `--status`; a history
 * that is not that of the files is one of every form.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const onlyLooks = options.status || options.dryRun;
  await using database = await openDatabase(commandConfig(), { mayCreate: !onlyLooks });
  if (onlyLooks) {
    const status = await statusOf(database.ownerDsn);
    report(options.dryRun ? wouldApply(status) : shown(status), options);
    const fault = historyFault(status);
    if (fault !== null) {
      process.stderr.write(`${fault}\n`);
    }
    return;
  }
  const applied = await applyMigrations({
    dsn: database.ownerDsn,
    migrations: await readMigrations(migrationsDirectory),
    onProgress: (progress) =>
      (options.json ? process.stderr : process.stdout).write(`${renderProgress(progress)}\n`),
  });
  if (applied.length > 0) {
    await noteOperatorEvent(database.ownerDsn, 'schema.migrated', {
      applied: applied.map(({ file }) => file),
    });
  }
  report(
    {
      exitCode: 0,
      text:
        applied.length === 0
          ? 'Nothing to apply: the schema is up to date.\n'
          : `${pluralize(applied.length, 'migration')} applied: the schema is up to date.\n`,
      json: { applied: applied.map(({ file }) => file) },
    },
    options,
  );
}

function shown(status: MigrationStatus): Outcome {
  const fault = historyFault(status);
  return {
    exitCode: fault === null ? 0 : 1,
    text: `${renderStatus(status)}${nextStep(status)}`,
    json: { isUpToDate: migrationFault(status) === null, fault, migrations: migrationRows(status) },
  };
}

function wouldApply(status: MigrationStatus): Outcome {
  const fault = historyFault(status);
  const files = fault === null ? status.pending.map(({ file }) => file) : [];
  return {
    exitCode: fault === null ? 0 : 1,
    text: renderDryRun(status),
    json: { isDryRun: true, fault, wouldApply: files },
  };
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
