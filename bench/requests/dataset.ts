import pg from 'pg';

/** Whose data it is: made through the API before. */
export interface Owner {
  readonly orgId: string;
  readonly teamId: string;
  readonly userId: string;
}

/** A word that many incidents have in their title, and one that none has. */
export const words = { frequent: 'latency', absent: 'xylophone' };

const services = `array['checkout', 'payments', 'search', 'catalogue', 'identity', 'billing', 'gateway', 'inventory', 'mail', 'media',
  'orders', 'pricing', 'recommendations', 'reports', 'sessions', 'shipping', 'storefront', 'support', 'warehouse', 'webhooks']`;
const regions = `array['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-south-1', 'ap-northeast-1', 'sa-east-1']`;
const symptoms = `array['answers 5xx', 'p99 latency is above the objective', 'runs out of memory and restarts',
  'queue grows and consumers fall behind', 'disk is almost full', 'deployment failed its health checks',
  'connection pool is exhausted', 'certificate expires soon', 'latency of the database doubled', 'error budget burns too fast']`;

/** One of an array, by a number: the same one each time. */
const pick = (array: string, number: string, salt: number): string =>
  `(${array})[1 + abs(hashint4extended(${number}, ${salt}) % cardinality(${array}))]`;

/** Whoever is in the organization. $1 to $3 stand for organization, team and user, $4 for how many incidents. */
const people: readonly string[] = [
  `insert into users (id, org_id, email, username, full_name, created_by)
   select uuidv7(), $1::uuid, format('responder-%s@example.com', n), format('responder-%s', n), format('Responder Number %s', n), $3::uuid
   from generate_series(1, 199) n`,
  `insert into teams (org_id, id, name, slug, created_by)
   select $1::uuid, uuidv7(), format('Team %s', n), format('team-%s', n), $3::uuid from generate_series(1, 5) n`,
  `insert into organization_memberships (org_id, user_id, role, team_id)
   select org_id, id, 'member', $2::uuid from users where org_id = $1 and id <> $3`,
  `insert into team_memberships (org_id, team_id, user_id, role)
   select org_id, $2::uuid, id, 'member' from users where org_id = $1 and id <> $3`,
  `insert into agent_configs (org_id, id, team_id, name, description, agent_type, config, triggers, created_by, updated_by)
   select $1::uuid, uuidv7(), $2::uuid, format('Agent %s', n), 'Sorts new incidents by cause and suggests a first step', 'incident_response',
     jsonb_build_object('temperature', 0.2, 'tools', array['search_incidents', 'read_metrics'], 'instructions',
       'Ask a person before anything that cannot be undone. Be brief, and say what was tried already.'),
     '{"incident": {"status": ["open"]}}', $3::uuid, $3::uuid
   from generate_series(1, 50) n`,
  `insert into agent_config_versions (org_id, config_id, version, change, snapshot, created_by)
   select org_id, id, 1, 'created', jsonb_build_object('name', name, 'config', config), created_by from agent_configs where org_id = $1`,
];

/** What there is much of; 27 of 100 incidents belong to that team, the others to five more. */
const records: readonly string[] = [
  `with people as (select array_agg(id) as ids from users where org_id = $1),
     others as (select array_agg(id) as ids from teams where org_id = $1 and id <> $2),
     facts as (
       select n, now() - ($4::int - n) * interval '4 minutes' as created_at,
         ${pick(services, 'n', 1)} as service, ${pick(symptoms, 'n', 2)} as symptom, ${pick(regions, 'n', 3)} as region,
         abs(hashint4extended(n, 4) % 100)::int as luck, 1 + abs(hashint4extended(n, 5) % 90)::int as minutes,
         (select ids from people)[1 + abs(hashint4extended(n, 6) % 200)] as person
       from generate_series(1, $4::int) n),
     lives as (
       select *, case when luck < 70 then 'closed' when luck < 90 then 'resolved' when luck < 95 then 'in_progress' else 'open' end as status
       from facts)
   insert into incidents (org_id, id, team_id, title, description, status, priority, assigned_to, tags, incident_metadata,
     started_at, resolved_at, closed_at, response_time_minutes, resolution_time_minutes, created_by, updated_by, created_at, updated_at)
   select $1::uuid, uuidv7(created_at - now()), case when n * 7919::bigint % 100 < 27 then $2::uuid else (select ids from others)[1 + n % 5] end,
     format('%s: %s in %s', service, symptom, region),
     format('%s %% of the requests to %s in %s failed over the last %s minutes; the threshold is 1 %%. It began with version %s.%s.%s. '
       'The dashboard shows no change of traffic. Runbook: https://runbooks.example.com/%s#%s',
       luck, service, region, minutes, luck % 9, minutes % 12, n % 40, service, replace(symptom, ' ', '-')),
     status, (array['low', 'medium', 'medium', 'high', 'critical'])[1 + n % 5], case when status <> 'open' then person end,
     array[service, region], jsonb_build_object('alert', initcap(service) || 'Alert', 'source', 'prometheus', 'region', region, 'value', luck / 7.0),
     case when status <> 'open' then created_at + interval '3 minutes' end,
     case when status in ('resolved', 'closed') then created_at + minutes * interval '1 minute' end,
     case when status = 'closed' then created_at + (minutes + 60) * interval '1 minute' end,
     case when status <> 'open' then 3 end, case when status in ('resolved', 'closed') then minutes end,
     person, person, created_at, created_at
   from lives`,
  `insert into incident_events (org_id, incident_id, id, type, actor_id, created_at)
   select org_id, id, uuidv7(), 'created', created_by, created_at from incidents where org_id = $1`,
  `insert into audit_events (org_id, id, occurred_at, actor_type, actor_id, action, resource_type, resource_id, team_id, after, request_id, address)
   select org_id, uuidv7(created_at - now()), created_at, 'user', created_by, 'incident.created', 'incident', id, team_id, to_jsonb(incidents),
     uuidv7()::text, '192.0.2.7' from incidents where org_id = $1`,
  `insert into stats (org_id, id, team_id, metric_name, metric_type, value, "timestamp", labels, unit, created_by)
   select $1::uuid, uuidv7(), $2::uuid, format('metric_%s', n % 20), 'gauge', n % 977, now() - n * interval '1 minute',
     jsonb_build_object('service', ${pick(services, 'n', 1)}), 'minutes', $3::uuid
   from generate_series(1, $4::int) n`,
];

/** What the triggers of incidents would do, all at once: the index is made anew, for one row after the other it takes most of the time. */
const searches = `do $$
  declare
    definition constant text := pg_get_indexdef('search_entries_keys_idx'::regclass);
  begin
    drop index search_entries_keys_idx;
    insert into search_entries (org_id, kind, id, team_id, at, value, tags)
    select org_id, 'incident', id, team_id, created_at, search_fold(title) || E'\\n' || search_fold(description), tags
    from incidents where org_id = $1;
    execute definition;
  end $$`;

/** Gives an organization data to be asked for, the same each time but for ids and the moment. @param dsn of a superuser */
export async function fill(dsn: string, { orgId, teamId, userId }: Owner, incidents: number): Promise<void> {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  const values = [...[orgId, teamId, userId].map((id) => pg.escapeLiteral(id)), String(incidents)];
  const run = async (texts: readonly string[]): Promise<void> => {
    for (const text of texts) {
      await client.query(text.replace(/\$(\d)/g, (_, number) => values[Number(number) - 1] ?? ''));
    }
  };
  try {
    await client.query(`set maintenance_work_mem = '1GB'`);
    await client.query('begin');
    await client.query(`select set_config('app.org_id', $1, true)`, [orgId]);
    await run(people);
    // @NOTE without triggers, and so without links of audit entries: nobody seals them while something is measured.
    await client.query('set local session_replication_role = replica');
    await run(records);
    const { rows } = await client.query(
      `select to_regclass('search_entries_keys_idx') is not null as has_searches`,
    );
    await run(rows[0]?.has_searches ? [searches] : []);
    await client.query('commit');
    await client.query('vacuum (analyze)');
  } finally {
    await client.end();
  }
}

/** Ids of rows to ask for, spread over all of them. */
export async function readIds(dsn: string, { orgId, teamId }: Owner) {
  const client = new pg.Client({ connectionString: dsn });
  await client.connect();
  try {
    await client.query(`select set_config('app.org_id', $1, false)`, [orgId]);
    const ids = async (sql: string): Promise<string[]> =>
      (await client.query<{ id: string }>(sql, [orgId, teamId])).rows.map(({ id }) => id);
    return {
      incidents: await ids(
        `select id from incidents where org_id = $1 and team_id = $2 order by hashtext(id::text) limit 250`,
      ),
      users: await ids(
        `select user_id as id from team_memberships where org_id = $1 and team_id = $2 order by 1 limit 200`,
      ),
      configs: await ids(`select id from agent_configs where org_id = $1 and team_id = $2`),
    };
  } finally {
    await client.end();
  }
}
