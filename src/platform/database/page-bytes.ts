import { type Static, type TObject, type TProperties, Type } from 'typebox';
import { join, type Sql, sql } from './sql.ts';

/** How much the large members of a page's rows come to, as JSON, before it ends early; the row that goes beyond it is the last. */
const pageBytesMax = 2 * 1024 * 1024;

const measured = { page_bytes: Type.Number(), has_next: Type.Boolean() };

/** What `withinPageBytes` adds to a row: what came before it, in bytes, and whether a row follows. Schemas of replies do not know it, so it stays here. */
export type Measured = Static<TObject<typeof measured>>;

/** The row of a list whose pages are bounded by bytes. */
export const measuredRow = <Fields extends TProperties>(row: TObject<Fields>) =>
  Type.Object({ ...row.properties, ...measured }) as TObject<Fields & typeof measured>;

/**
 * The rows of a page, which `statement` gives in their order, until `large` of its columns come to 2 MiB. What is beyond is not sent.
 * A value stored in 300 bytes or fewer is not worth unpacking to know its size: at its most it is 27 KiB of zeros.
 * @NOTE no order for the windows, nor at the end: the rows come as the statement sorts them, and are not sorted again.
 */
export function withinPageBytes(statement: Sql, large: readonly Sql[]): Sql {
  const sizes = large.map(
    (column) =>
      sql`coalesce(case when pg_column_size(${column}) > 300 then octet_length(${column}::text) end, 0)`,
  );
  return sql`with page as materialized (${statement}), measured as (
      select page.*,
             coalesce(sum(${join(sizes, sql` + `)}) over (rows between unbounded preceding and 1 preceding), 0)::float8
               as page_bytes,
             lead(true) over () is not null as has_next
      from page
    )
    select * from measured where page_bytes < ${pageBytesMax}`;
}
