import type pg from 'pg';
import { RefusedError } from '../../platform/errors/operation-error.ts';

const howTo =
  "create role brownie_backup login bypassrls password '…' in role pg_read_all_data (as a superuser), and name it in METADATA_BACKUP_DSN";

/**
 * Makes sure that a connection sees each row of each table. Row-level security is forced here, on the owner of the
 * tables as well: without this a backup could be whole, valid and empty.
 * Throws RefusedError with what to do about it.
 */
export async function requireBypassRls(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string; isExempt: boolean; unreadable: string[] }>(
    `select current_user as role,
            (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as "isExempt",
            array(select c.oid::regclass::text from pg_class c
                  where c.relkind in ('r', 'S') and c.relpersistence = 'p' and not has_table_privilege(c.oid, 'select')
                    and c.relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
                  order by 1) as unreadable`,
  );
  const [sight] = rows;
  if (sight?.isExempt !== true) {
    throw new RefusedError(
      `${sight?.role} does not see every row: row-level security binds it, and its backup would lack them. ` +
        `Make a role for backups: ${howTo}`,
    );
  }
  if (sight.unreadable.length > 0) {
    throw new RefusedError(
      `${sight.role} may not read ${sight.unreadable.join(', ')}: grant pg_read_all_data to ${sight.role}`,
    );
  }
}
