import pg from 'pg';

/** What the service's login may do beyond its job; all false and `isMember` true is as it should be. */
export interface ServiceRole {
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly bypassesRls: boolean;
  readonly ownsTables: boolean;
  /** A member of `brownie_app`, with its rights. */
  readonly isMember: boolean;
  /** Tables without forced row-level security. */
  readonly unprotectedTables: readonly string[];
}

/** The role that migrations make and grant to. */
export const groupRole = 'brownie_app';

/** Looks at the login of a DSN from inside the database. Throws pg's error where it cannot connect. */
export async function inspectServiceRole(dsn: string): Promise<ServiceRole> {
  const client = new pg.Client({ connectionString: dsn, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query<ServiceRole>(
      `select session_user as name,
              r.rolsuper as "isSuperuser",
              r.rolbypassrls as "bypassesRls",
              exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                      where n.nspname = 'public' and c.relkind = 'r'
                        and pg_has_role(session_user, c.relowner, 'member')) as "ownsTables",
              coalesce((select pg_has_role(session_user, oid, 'usage') from pg_roles where rolname = $1), false)
                as "isMember",
              array(select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'brownie_migrations'
                      and not (c.relrowsecurity and c.relforcerowsecurity) order by 1) as "unprotectedTables"
       from pg_roles r where r.rolname = session_user`,
      [groupRole],
    );
    const [role] = rows;
    if (role === undefined) {
      throw new Error('the database does not know its own session user');
    }
    return role;
  } finally {
    await client.end();
  }
}
