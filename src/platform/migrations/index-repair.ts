import type { ConcurrentIndex } from './concurrent-index.ts';
import { inTransaction } from './in-transaction.ts';
import type { SqlClient } from './sql-client.ts';

/**
 * Whether the index is there and of use. PostgreSQL leaves an index that was not built to its end as `indisvalid =
 * false`: writes pay for it, reads ignore it, IF NOT EXISTS takes it for built.
 * https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
 */
export async function indexState(
  client: SqlClient,
  index: ConcurrentIndex,
): Promise<'missing' | 'invalid' | 'valid'> {
  const { rows } = await client.query<{ valid: boolean }>(
    `select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = to_regclass($1) and c.relname = $2::name`,
    [index.table, index.name],
  );
  const [row] = rows;
  if (row === undefined) {
    return 'missing';
  }
  return row.valid ? 'valid' : 'invalid';
}

/**
 * Drops the index if it is left invalid, without stopping reads or writes.
 * @returns whether it was
 * Throws the error of `pg`, 55P03 while another session builds it
 */
export async function dropInvalidIndex(client: SqlClient, index: ConcurrentIndex): Promise<boolean> {
  if ((await indexState(client, index)) !== 'invalid') {
    return false;
  }
  // @NOTE An index under construction is invalid too. Its builder holds this lock on the table to the end, so whoever
  // gets it has a leftover. NOWAIT, because a session that waits has a snapshot that the builder would wait for.
  await inTransaction(client, () => {
    return client.query(`lock table ${index.table} in share update exclusive mode nowait`);
  });
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where i.indrelid = to_regclass($1) and c.relname = $2::name and not i.indisvalid`,
    [index.table, index.name],
  );
  for (const { name } of rows) {
    await client.query(`drop index concurrently if exists ${name}`);
  }
  return rows.length > 0;
}
