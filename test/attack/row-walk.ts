import type pg from 'pg';

/** Two organizations: the one that the service is in, and one that it must not see. */
export interface Between {
  readonly own: string;
  readonly foreign: string;
}

const tablesOfTenants = `
  select c.relname as name, a.attname as key from pg_class c join pg_attribute a on a.attrelid = c.oid
    and a.attname = case c.relname when 'organizations' then 'id' else 'org_id' end
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and has_table_privilege('brownie_service', c.oid, 'select')`;

/** What the service’s role sees of another organization's rows, table by table, where it is in its own. */
export async function rowFaults(
  client: pg.PoolClient,
  { own, foreign }: Between,
): Promise<readonly string[]> {
  const { rows: tables } = await client.query<{ name: string; key: string }>(tablesOfTenants);
  const faults: string[] = [];
  await client.query('savepoint walk');
  await client.query('set local role brownie_service');
  await client.query(`select set_config('app.org_id', $1, true)`, [own]);
  for (const { name, key } of tables) {
    const { rows } = await client.query<{ seen: string }>(
      `select count(*) as seen from ${name} where ${key} = $1`,
      [foreign],
    );
    if (Number(rows[0]?.seen) > 0) {
      faults.push(`${name} shows rows of another organization`);
    }
  }
  await client.query('rollback to savepoint walk');
  return faults;
}

export interface Mutant {
  readonly name: string;
  readonly table: string;
  readonly statement: string;
}

/** Tables in which there is no row of an organization: what is taken from them cannot show. */
export async function emptyTables(client: pg.PoolClient, orgId: string): Promise<readonly string[]> {
  const { rows: tables } = await client.query<{ name: string; key: string }>(tablesOfTenants);
  const empty: string[] = [];
  for (const { name, key } of tables) {
    const { rows } = await client.query(`select from ${name} where ${key} = $1 limit 1`, [orgId]);
    empty.push(...(rows.length === 0 ? [name] : []));
  }
  return empty;
}

/** Each policy of the service's role that decides what is seen made to let everything pass, and each table's row-level security taken away. */
export async function policyMutants(client: pg.PoolClient): Promise<readonly Mutant[]> {
  const { rows: policies } = await client.query<{ policyname: string; tablename: string }>(
    `select policyname, tablename from pg_policies
     where schemaname = 'public' and permissive = 'PERMISSIVE' and cmd in ('ALL', 'SELECT') and qual is not null
       and exists (select from unnest(roles) role where role = 'public' or pg_has_role('brownie_service', role, 'member'))
       and tablename in (select name from (${tablesOfTenants}) t) order by 2, 1`,
  );
  return [
    ...policies.map(({ policyname, tablename }) => ({
      name: `${policyname} of ${tablename}`,
      table: tablename,
      statement: `alter policy ${JSON.stringify(policyname)} on ${tablename} using (true)`,
    })),
    ...[...new Set(policies.map(({ tablename }) => tablename))].map((table) => ({
      name: `row-level security of ${table}`,
      table,
      statement: `alter table ${table} disable row level security`,
    })),
  ];
}
