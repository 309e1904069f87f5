import pg from 'pg';
import type { Tenant } from './tenant.ts';

/** Those of the acknowledged incidents that are not in the database. */
export async function lostIncidents(
  dsn: string,
  { organizationId }: Tenant,
  acknowledged: readonly string[],
): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    await client.query(`select set_config('app.org_id', $1, false)`, [organizationId]);
    const { rows } = await client.query<{ id: string }>(
      `select acknowledged.id from unnest($1::uuid[]) as acknowledged(id)
       where not exists (select from incidents where incidents.id = acknowledged.id)`,
      [acknowledged],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

/** How many of the incidents of a load are there more than once: each was sent with a title of its own. */
export async function repeatedIncidents(dsn: string, { organizationId }: Tenant): Promise<number> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    await client.query(`select set_config('app.org_id', $1, false)`, [organizationId]);
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from (select from incidents group by title having count(*) > 1) as repeated',
    );
    return rows[0]?.count ?? Number.NaN;
  } finally {
    await client.end();
  }
}
