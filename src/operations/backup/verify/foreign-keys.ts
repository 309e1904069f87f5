import type pg from 'pg';

interface ForeignKey {
  readonly name: string;
  readonly isValidated: boolean;
  readonly child: string;
  readonly parent: string;
  /** `c.org_id = p.org_id and c.team_id = p.id` */
  readonly matches: string;
  /** `c.org_id is not null and c.team_id is not null`: else the key does not apply (MATCH SIMPLE). */
  readonly applies: string;
}

const foreignKeys = `
  select con.conname as name, con.convalidated as "isValidated",
         con.conrelid::regclass::text as child, con.confrelid::regclass::text as parent,
         string_agg(format('c.%I = p.%I', ca.attname, pa.attname), ' and ') as matches,
         string_agg(format('c.%I is not null', ca.attname), ' and ') as applies
  from pg_constraint con
  cross join unnest(con.conkey, con.confkey) as pair(child, parent)
  join pg_attribute ca on ca.attrelid = con.conrelid and ca.attnum = pair.child
  join pg_attribute pa on pa.attrelid = con.confrelid and pa.attnum = pair.parent
  where con.contype = 'f' and con.conparentid = 0
  group by con.oid order by 1`;

/** Looks for rows that point nowhere. @NOTE by reading them: PostgreSQL itself looks when a row is written, not later. */
export async function foreignKeyFaults(client: pg.Client): Promise<{ keys: number; faults: string[] }> {
  const { rows: keys } = await client.query<ForeignKey>(foreignKeys);
  const faults: string[] = [];
  for (const { name, isValidated, child, parent, matches, applies } of keys) {
    const { rows } = await client.query<{ orphans: string }>(
      `select count(*) as orphans from ${child} c
       where ${applies} and not exists (select from ${parent} p where ${matches})`,
    );
    if (rows[0]?.orphans !== '0') {
      faults.push(`${rows[0]?.orphans} rows of ${child} point at no row of ${parent} (${name})`);
    } else if (!isValidated) {
      faults.push(`${name} of ${child} is not validated`);
    }
  }
  return { keys: keys.length, faults };
}
