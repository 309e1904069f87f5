import type pg from 'pg';
import { RefusedError } from '../../../platform/errors/operation-error.ts';
import { runToEnd } from '../../../platform/programs/run-to-end.ts';

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

/**
 * The version of pg_dump, `15.18`. Throws RefusedError where it is older than the server: it would refuse as well, but
 * a nightly job would only say so to whoever reads its mail.
 */
export async function requireDumpVersion(serverVersion: string): Promise<string> {
  const { stdout } = await runToEnd('pg_dump', ['--version']);
  const [, version] = /(\d+(?:\.\d+)?)/.exec(stdout) ?? [];
  if (version === undefined || Number.parseInt(version, 10) < Number.parseInt(serverVersion, 10)) {
    throw new RefusedError(
      `pg_dump ${version ?? 'of an unknown version'} cannot read a server of version ${serverVersion}: ` +
        `install postgresql-client-${Number.parseInt(serverVersion, 10)}, and put its programs first on the PATH`,
    );
  }
  return version;
}
