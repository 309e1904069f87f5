import { CommanderError } from 'commander';
import { ConfigurationError } from '../config/index.ts';
import { EmbeddedPostgresError } from '../platform/embedded-postgres/index.ts';
import { StartError } from '../server.ts';
import { MigrationError, MigrationFilesError, MigrationRefusedError } from '../platform/migrations/index.ts';

/** A command that failed for a reason that a person can mend: one line, no stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const expected = [CommandError, StartError, EmbeddedPostgresError, MigrationError, MigrationFilesError, MigrationRefusedError];

/** What to print for an error, and the exit code: 1 failed, 2 wrong usage. */
export function explain(error: unknown): { lines: readonly string[]; exitCode: number } {
  if (error instanceof CommanderError) {
    return { lines: [], exitCode: error.exitCode === 0 ? 0 : 2 };
  }
  if (error instanceof ConfigurationError) {
    return { lines: ['The configuration is not usable:', ...error.faults.map((fault) => `  ${fault}`)], exitCode: 1 };
  }
  if (!(error instanceof Error)) {
    return { lines: [String(error)], exitCode: 1 };
  }
  if (expected.some((kind) => error instanceof kind)) {
    return { lines: [error.message], exitCode: 1 };
  }
  const { code } = error as { code?: unknown };
  const isConnection = typeof code === 'string' && /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|28|3D000|57P03)/.test(code);
  return isConnection
    ? { lines: [`The database cannot be reached (${code}): check METADATA_POSTGRES_DSN and that it is running`], exitCode: 1 }
    : { lines: [error.stack ?? error.message], exitCode: 1 };
}
