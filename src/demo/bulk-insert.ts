import type { Queryable } from '../platform/database/queryable.ts';
import { column, join, sql } from '../platform/database/sql.ts';

/**
 * Inserts rows with one statement and one parameter. Rows have the table's column names, all of them the same ones;
 * columns that are left out take their defaults.
 */
export async function bulkInsert(tx: Queryable, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) {
    return;
  }
  const names = join(Object.keys(first).map(column), sql`, `);
  await tx.run(
    sql`insert into ${column(table)} (${names})
        select ${names} from json_populate_recordset(null::${column(table)}, ${JSON.stringify(rows)}::json)`,
  );
}
