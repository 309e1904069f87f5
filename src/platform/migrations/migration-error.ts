import { DatabaseError } from 'pg';
import { OperatorError } from '../errors/operation-error.ts';
import type { Migration } from './migration.ts';
import { lineOfPosition, type SqlStatement } from './sql-statements.ts';

/** The migration files are not in order. `faults` holds every fault, one line each. */
export class MigrationFilesError extends OperatorError {
  override readonly name = 'MigrationFilesError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

/** The database is in a state to which nothing may be applied: the message says which and what to do. */
export class MigrationRefusedError extends OperatorError {
  override readonly name = 'MigrationRefusedError';
}

/**
 * A migration failed and left nothing behind; only when the connection is lost at COMMIT does the status alone tell.
 * The message names file, line, the server's words and the SQLSTATE.
 */
export class MigrationError extends OperatorError {
  override readonly name = 'MigrationError';
  readonly file: string;
  /** Line in the file, from 1; null when no statement is to blame (at COMMIT, or a lost connection). */
  readonly line: number | null;
  /** Five characters; null when the error is not the server's. */
  readonly sqlState: string | null;

  /** @NOTE The server's DETAIL stays in `cause`: it quotes rows, and this message goes to logs. */
  constructor(migration: Migration, statement: SqlStatement | null, cause: unknown) {
    const fault = cause instanceof DatabaseError ? cause : null;
    const sqlState = fault?.code ?? null;
    const line = errorLine(migration, statement, fault);
    const place = line === null ? migration.file : `${migration.file}:${line}`;
    const words = cause instanceof Error ? cause.message : String(cause);
    const advice = adviceFor(fault) ?? fault?.hint;
    super(
      `${place}: ${words}${sqlState === null ? '' : ` (SQLSTATE ${sqlState})`}${advice === undefined ? '' : `. ${advice}`}`,
      { cause },
    );
    this.file = migration.file;
    this.line = line;
    this.sqlState = sqlState;
  }
}

function errorLine(
  migration: Migration,
  statement: SqlStatement | null,
  fault: DatabaseError | null,
): number | null {
  if (statement === null) {
    return null;
  }
  const position = Number(fault?.position ?? Number.NaN);
  return Number.isInteger(position) ? lineOfPosition(migration.sql, statement, position) : statement.line;
}

function adviceFor(fault: DatabaseError | null): string | undefined {
  // @NOTE not by its words, which are in the server's language; the SQLSTATE is that of any missing right.
  if (fault?.routine === 'check_enable_rls') {
    return 'See "Rows of all tenants" in docs/procedures/migrations.md';
  }
  switch (fault?.code ?? null) {
    case '55P03':
      return 'Other sessions hold the lock in long transactions: end those, or try again at a quieter time';
    case '57014':
      return 'A file raises its bound with a line `-- brownie: statement_timeout=10min` at its top';
    case '57P01':
    case null:
      return 'See `brownie migrate --status` for what is applied';
    default:
      return undefined;
  }
}
