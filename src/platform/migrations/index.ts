export { applyMigrations } from './apply-migrations.ts';
export { migrationLabel } from './migration.ts';
export { MigrationFilesError, MigrationRefusedError } from './migration-error.ts';
export { type MigrationStatus, migrationFault, migrationStatus } from './migration-status.ts';
export { readMigrations } from './read-migrations.ts';
export { migrationRows, renderDryRun, renderProgress, renderStatus } from './render-migrations.ts';
