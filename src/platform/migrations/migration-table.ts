import { inTransaction } from './in-transaction.ts';
import type { Migration } from './migration.ts';
import type { SqlClient } from './sql-client.ts';

/** One row of `brownie_migrations`. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  /** Lower-case hex SHA-256, see {@link Migration}. */
  readonly checksum: string;
  /** UTC, `2025-10-24T04:00:00Z`. */
  readonly appliedAt: string;
  /** The role that logged in to apply it. */
  readonly appliedBy: string;
  readonly durationMs: number;
}

/** The applied migrations by number; none when the table does not exist. SELECT on the table is enough. */
export async function appliedMigrations(client: SqlClient): Promise<AppliedMigration[]> {
  const table = await tableName(client);
  if (table === null) {
    return [];
  }
  const { rows } = await client.query<AppliedMigration>(
    `select number, name, checksum, applied_by as "appliedBy", duration_ms as "durationMs",
       to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "appliedAt"
     from ${table} order by number`,
  );
  return rows;
}

/**
 * Creates the table unless it exists; every role may read it.
 * @returns its name with its schema, quoted: a migration that sets search_path does not lead us astray
 */
export async function ensureMigrationTable(client: SqlClient): Promise<string> {
  const existing = await tableName(client);
  if (existing !== null) {
    return existing;
  }
  await inTransaction(client, async () => {
    await client.query(`create table brownie_migrations (
      number int primary key check (number > 0),
      name text not null,
      checksum text not null check (checksum ~ '^[0-9a-f]{64}$'),
      applied_at timestamptz not null default clock_timestamp(),
      applied_by text not null default session_user,
      duration_ms int not null check (duration_ms >= 0)
    )`);
    await client.query('grant select on brownie_migrations to public');
  });
  const created = await tableName(client);
  if (created === null) {
    throw new Error('brownie_migrations was created but is not on the search_path');
  }
  return created;
}

/** Records a migration as applied, in the transaction of the caller if there is one. */
export async function recordMigration(
  client: SqlClient,
  table: string,
  { number, name, checksum }: Migration,
  durationMs: number,
): Promise<void> {
  await client.query(`insert into ${table} (number, name, checksum, duration_ms) values ($1, $2, $3, $4)`, [
    number,
    name,
    checksum,
    Math.round(durationMs),
  ]);
}

async function tableName(client: SqlClient): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.oid = to_regclass('brownie_migrations')`,
  );
  return rows[0]?.name ?? null;
}
