import type { Fault, Scene } from './fault.ts';

const sql = (name: string, expected: Fault['expected'], fault: string, cure: string): Fault => ({
  name,
  expected,
  async inject({ query }: Scene) {
    await query(fault);
    return { undo: () => query(cure) };
  },
});

/** As bad as can be: they are named before whatever is only a warning. */
export const graveSchemaFaults: readonly Fault[] = [
  {
    name: 'a migration pending',
    expected: 'schema.migrations',
    async inject({ query }) {
      const [newest] = await query<{ number: number; name: string; checksum: string }>(
        `delete from brownie_migrations where number = (select max(number) from brownie_migrations)
         returning number, name, checksum`,
      );
      return {
        undo: () =>
          query(
            `insert into brownie_migrations (number, name, checksum, duration_ms)
             values (${newest?.number}, '${newest?.name}', '${newest?.checksum}', 0)`,
          ),
      };
    },
  },
  sql(
    'a table gone',
    'schema.tables',
    'alter table stats rename to drill_stats',
    'alter table drill_stats rename to stats',
  ),
  sql(
    'row-level security switched off on a table',
    'schema.row-security',
    'alter table incidents disable row level security',
    'alter table incidents enable row level security',
  ),
  sql(
    'the login of the service is a superuser',
    'schema.role',
    'alter role brownie_service superuser',
    'alter role brownie_service nosuperuser',
  ),
  sql(
    'the login of the service has lost its rights',
    'schema.role',
    'grant connect on database brownie to brownie_service; revoke brownie_app from brownie_service',
    'grant brownie_app to brownie_service; revoke connect on database brownie from brownie_service',
  ),
  sql(
    'a grant missing',
    'schema.grants',
    'revoke insert on incidents from brownie_app',
    'grant insert on incidents to brownie_app',
  ),
  sql(
    'a table with another owner',
    'schema.owners',
    'alter table teams owner to postgres',
    'alter table teams owner to brownie_owner',
  ),
  sql(
    'a trigger switched off',
    'schema.objects',
    'alter table incidents disable trigger refuse_in_maintenance',
    'alter table incidents enable trigger refuse_in_maintenance',
  ),
  sql(
    'a setting of the role that row-level security does not bear',
    'database.login-settings',
    'alter role brownie_service set row_security = off',
    'alter role brownie_service reset row_security',
  ),
];

export const schemaFaults: readonly Fault[] = [
  sql(
    'a right that no migration gives',
    'schema.grants',
    'grant truncate on audit_events to brownie_app',
    'revoke truncate on audit_events from brownie_app',
  ),
  sql(
    'fewer connections for the login than its pool wants',
    'database.login-settings',
    'alter role brownie_service connection limit 10',
    'alter role brownie_service connection limit -1',
  ),
  sql(
    'indexes that another library has sorted',
    'database.collation',
    `update pg_database set datcollversion = '0.0' where datname = current_database()`,
    `update pg_database set datcollversion = pg_database_collation_actual_version(oid) where datname = current_database()`,
  ),
  {
    name: 'an index left invalid',
    expected: 'tables.invalid-indexes',
    async inject({ query }) {
      // @NOTE as it comes about: a build that fails on duplicates leaves its index behind.
      await query('create unique index concurrently drill_idx on incidents ((true))').catch(() => undefined);
      return { undo: () => query('drop index if exists drill_idx') };
    },
  },
  {
    name: 'an index missing',
    expected: 'tables.missing-indexes',
    async inject({ query }) {
      const [found] = await query<{ definition: string }>(
        `select pg_get_indexdef('idx_users_team_id'::regclass) as definition`,
      );
      await query('drop index idx_users_team_id');
      return { undo: () => query(found?.definition ?? '') };
    },
  },
  sql(
    'a key that signs for two months',
    'secrets.key-age',
    `update jwt_keys set promoted_at = now() - interval '60 days' where status = 'current'`,
    `update jwt_keys set promoted_at = now() where status = 'current'`,
  ),
];
