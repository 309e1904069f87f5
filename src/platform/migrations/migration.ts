import { createHash } from 'node:crypto';
import { migrationHeader } from './migration-header.ts';
import { statementFaults } from './migration-rules.ts';
import { type SqlStatement, sqlStatements } from './sql-statements.ts';

/** One migration file, read and checked. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  /** Kebab-case, without number and extension: `create-teams`. */
  readonly name: string;
  /** File name: `0003-create-teams.sql`. */
  readonly file: string;
  /** Content with `\n` line endings and without a byte order mark. */
  readonly sql: string;
  /** Lower-case hex SHA-256 of `sql` in UTF-8. */
  readonly checksum: string;
  /** Size of `sql` in UTF-8. */
  readonly sizeBytes: number;
  /** First comment line of the file that is not a directive. */
  readonly summary: string | null;
  readonly statements: readonly SqlStatement[];
  /** False for `-- brownie: no-transaction`: then `statements` holds exactly one. */
  readonly transactional: boolean;
  /** A PostgreSQL duration with its unit, `2s`; `0` means no bound. */
  readonly lockTimeout: string;
  /** A PostgreSQL duration with its unit, `60s`; `0` means no bound. */
  readonly statementTimeout: string;
}

const fileName = /^(?<number>\d{4})-(?<name>[a-z0-9]+(?:-[a-z0-9]+)*)\.sql$/;

/**
 * Reads one migration file. Its checksum does not depend on line endings, so a checkout on Windows matches.
 * @returns the migration, or every fault of it, each a line that begins with the file's name
 */
export function parseMigration(file: string, content: string): Migration | { readonly faults: string[] } {
  const parts = fileName.exec(file)?.groups;
  if (parts === undefined) {
    return { faults: [`${file}: a migration is named NNNN-kebab-name.sql`] };
  }
  const sql = content.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const statements = sqlStatements(sql);
  const { faults: headerFaults, ...header } = migrationHeader(sql, statements[0]?.start ?? sql.length);
  const faults = [...headerFaults, ...statementFaults(statements, header.transactional)];
  if (faults.length > 0) {
    return { faults: faults.map((fault) => `${file}:${fault}`) };
  }
  return {
    number: Number(parts['number']),
    name: parts['name'] ?? '',
    file,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
    sizeBytes: Buffer.byteLength(sql),
    statements,
    ...header,
  };
}

/** How a migration is called in messages: `0003-create-teams`. */
export function migrationLabel({ number, name }: { readonly number: number; readonly name: string }): string {
  return `${String(number).padStart(4, '0')}-${name}`;
}
