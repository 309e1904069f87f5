import type pg from 'pg';

/** The schema of a database as sorted lines: what two databases of one version must agree on. */
export async function schemaLines(db: pg.Client | pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(`
    select line from (
      select format('column %s.%s %s default %s generated %s null %s', c.relname, a.attname,
               format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid), a.attgenerated, not a.attnotnull)
      from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
      union all
      select format('table %s rls %s forced %s owner %s acl %s', relname, relrowsecurity, relforcerowsecurity,
               pg_get_userbyid(relowner), relacl)
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
      union all
      select format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace
      union all
      select format('index %s valid %s', pg_get_indexdef(indexrelid), indisvalid)
      from pg_index join pg_class c on c.oid = indexrelid where c.relnamespace = 'public'::regnamespace
      union all
      select format('policy %s on %s %s using %s check %s', policyname, tablename, cmd, qual, with_check)
      from pg_policies where schemaname = 'public'
      union all
      select format('function %s acl %s', pg_get_functiondef(oid), proacl)
      from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
        and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
      union all
      select format('migration %s %s %s', number, name, checksum) from brownie_migrations
    ) lines (line) order by line`);
  return rows.map(({ line }) => line);
}
