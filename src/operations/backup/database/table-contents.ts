import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { TableContents } from '../store/index.ts';

/** Settings that the text of a value depends on. @NOTE not the search_path: no column is of a type that names things. */
const canonical = `select set_config('extra_float_digits', '1', false), set_config('bytea_output', 'hex', false),
  set_config('intervalstyle', 'iso_8601', false), set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false)`;

/**
 * How many rows each table has, and a hash of what is in them, as the transaction of the connection sees it. The hash
 * is a sum over the rows, so it needs no order and no memory; a restored table has the same, a changed value another.
 * Tables of extensions are left out, as pg_dump leaves them out.
 */
export async function tableContents(client: pg.Client): Promise<TableContents[]> {
  await client.query(canonical);
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.relpersistence in ('p', 'u') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
     order by 1`,
  );
  const contents: TableContents[] = [];
  for (const { name } of tables) {
    contents.push(await contentsOf(client, name));
  }
  return contents;
}

const half = (from: number): string => `sum(('x' || substr(hash, ${from}, 16))::bit(64)::bigint::numeric)`;

async function contentsOf(client: pg.Client, name: string): Promise<TableContents> {
  const { rows } = await client.query<{ rows: string; sum: string }>(
    `select count(*) as rows, concat_ws(':', ${half(1)}, ${half(17)}) as sum
     from (select md5(t::text) as hash from only ${name} t) hashes`,
  );
  const { rows: count = '0', sum = '' } = rows[0] ?? {};
  return {
    name,
    rows: Number(count),
    hash: createHash('sha256').update(`${count}:${sum}`).digest('hex').slice(0, 32),
  };
}

/** In words, where contents differ from what they were; empty where they do not. */
export function differences(before: readonly TableContents[], after: readonly TableContents[]): string[] {
  const found = new Map(after.map((table) => [table.name, table]));
  const known = new Set(before.map(({ name }) => name));
  return [
    ...before.flatMap(({ name, rows, hash }) => {
      const other = found.get(name);
      if (other === undefined) {
        return [`${name} is missing`];
      }
      if (other.rows !== rows) {
        return [`${name} has ${other.rows} rows instead of ${rows}`];
      }
      return other.hash === hash ? [] : [`${name} has ${rows} rows, but not what was in them`];
    }),
    ...after.flatMap(({ name }) => (known.has(name) ? [] : [`${name} is there, and was not backed up`])),
  ];
}
