export { type ApplyMigrationsOptions, applyMigrations, type MigrationProgress } from './apply-migrations.ts';
export { type Migration, migrationLabel } from './migration.ts';
export { MigrationError, MigrationFilesError, MigrationRefusedError } from './migration-error.ts';
export { migrationLockKey } from './migration-lock.ts';
export { type MigrationStatus, migrationFault, migrationStatus } from './migration-status.ts';
export type { AppliedMigration } from './migration-table.ts';
export { readMigrations } from './read-migrations.ts';
export { renderDryRun, renderProgress, renderStatus } from './render-migrations.ts';
export type { SqlClient } from './sql-client.ts';
