import { OperatorError } from '../errors/operator-error.ts';

/** Why the embedded PostgreSQL cannot serve: `message` is one line that says what is wrong and what to do. */
export class EmbeddedPostgresError extends OperatorError {
  override readonly name = 'EmbeddedPostgresError';
}

/** The way out that is open to everybody, quoted at the end of messages. */
export const useAnotherServer = 'set METADATA_POSTGRES_DSN to a PostgreSQL 15 or newer';
