import type pg from 'pg';
import { type Check, checkOf } from './check.ts';

/** Of each table, its heap and toast read page by page; of each B-tree, its order, and that every row is in it. As pg_amcheck asks. */
const heaps = `
  select format('%s, page %s, row %s: %s', c.oid::regclass, v.blkno, v.offnum, v.msg) as fault
  from pg_class c, verify_heapam(c.oid) v
  where c.relkind in ('r', 'm', 't') and c.relpersistence <> 't' and c.relam = (select oid from pg_am where amname = 'heap')
  limit 3`;
const trees = `
  select bt_index_check(i.indexrelid, true)
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relam = (select oid from pg_am where amname = 'btree') and c.relpersistence <> 't'
    and i.indisvalid and i.indisready and i.indislive`;

/**
 * Reads every table and every B-tree of a database with the extension amcheck, and leaves no trace of that. Takes a superuser: as anybody
 * else it is not done, which says nothing about the database.
 */
export async function amcheck(client: pg.Client): Promise<Check> {
  const name = 'amcheck';
  const { rows: roles } = await client.query<{ name: string; isSuperuser: boolean; isThere: boolean }>(
    `select rolname as name, rolsuper as "isSuperuser",
            exists (select from pg_available_extensions where name = 'amcheck') as "isThere"
     from pg_roles where rolname = current_user`,
  );
  const [role] = roles;
  if (role?.isSuperuser !== true) {
    const detail = `not done: it takes a superuser, and ${role?.name} is none`;
    return { name, isOk: true, needsLook: true, detail };
  }
  if (!role.isThere) {
    return {
      name,
      isOk: false,
      detail: 'the server lacks the extension: it comes with PostgreSQL’s contrib',
    };
  }
  await client.query('begin');
  try {
    await client.query('create extension if not exists amcheck');
    const { rows } = await client.query<{ fault: string }>(heaps);
    await client.query(trees);
    return checkOf(
      name,
      rows.map(({ fault }) => fault),
      'every table and index is sound',
    );
  } finally {
    await client.query('rollback');
  }
}
