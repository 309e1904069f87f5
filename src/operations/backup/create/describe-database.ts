import type pg from 'pg';
import { localeJson } from '../database/index.ts';
import type { Manifest } from '../store/index.ts';

type Description = Pick<
  Manifest,
  'takenAt' | 'serverVersion' | 'database' | 'serverSettings' | 'schema' | 'sequences'
>;

/** Settings that may hold a password or a key. */
const secretSettings = ['primary_conninfo', 'ssl_passphrase_command', 'archive_command', 'restore_command'];

/** What a manifest says of a database beside its rows, as the transaction of the connection sees it. */
export async function describeDatabase(client: pg.Client): Promise<Description> {
  const { rows } = await client.query<Omit<Description, 'schema'>>(
    `select to_char(statement_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "takenAt",
            split_part(current_setting('server_version'), ' ', 1) as "serverVersion",
            jsonb_build_object(
              'name', d.datname, 'owner', pg_get_userbyid(d.datdba),
              'grants', (select jsonb_agg(jsonb_build_object(
                           'grantee', case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee) end,
                           'privilege', a.privilege_type))
                         from aclexplode(d.datacl) a),
              'settings', coalesce((select to_jsonb(s.setconfig) from pg_db_role_setting s
                                    where s.setdatabase = d.oid and s.setrole = 0), '[]')) || ${localeJson} as database,
            (select coalesce(jsonb_object_agg(name, setting), '{}') from pg_settings
             where source = 'configuration file' and name <> all ($1)) as "serverSettings",
            (select coalesce(jsonb_object_agg(format('%I.%I', schemaname, sequencename), last_value::text), '{}')
             from pg_sequences where last_value is not null) as sequences
     from pg_database d where d.datname = current_database()`,
    [secretSettings],
  );
  const [description] = rows;
  if (description === undefined) {
    throw new Error('the database does not know itself');
  }
  return { ...description, schema: await schemaVersion(client) };
}

async function schemaVersion(client: pg.Client): Promise<string | null> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `select to_regclass('brownie_migrations') is not null as exists`,
  );
  if (found[0]?.exists !== true) {
    return null;
  }
  const { rows } = await client.query<{ label: string }>(
    `select lpad(number::text, 4, '0') || '-' || name as label from brownie_migrations order by number desc limit 1`,
  );
  return rows[0]?.label ?? null;
}
