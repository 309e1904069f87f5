export { copyDataDirectory } from './copy-data-directory.ts';
export { lockDirectory } from './directory-lock.ts';
export { EmbeddedPostgresError } from './embedded-postgres-error.ts';
export { runningEmbeddedPostgres } from './running-embedded-postgres.ts';
export { startEmbeddedPostgres } from './start-embedded-postgres.ts';
