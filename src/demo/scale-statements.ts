import { type Sql, sql } from '../platform/database/sql.ts';

/** An organization of many, and when it is now: RFC 3339. */
export interface ScaleOrganization {
  readonly id: string;
  /** Its number, from 1. */
  readonly number: number;
  readonly now: string;
}

const text = {
  services: ['checkout', 'payments', 'search', 'catalogue', 'identity', 'billing', 'gateway', 'inventory'],
  regions: ['eu-west-1', 'eu-central-1', 'us-east-1', 'us-west-2', 'ap-south-1', 'sa-east-1'],
  symptoms: [
    'answers 5xx',
    'p99 latency is above the objective',
    'runs out of memory and restarts',
    'queue grows and consumers fall behind',
    'disk is almost full',
    'connection pool is exhausted',
    'certificate expires soon',
  ],
};
export const teamsPerOrganization = 5;

/** One of an array, by a number: the same one each time. */
const pick = (array: readonly string[], salt: number): Sql =>
  sql`(${array}::text[])[1 + abs(hashint4extended(n, ${salt}::bigint) % ${array.length}::bigint)]`;

/** An id of version 7 for a moment, the same each time. */
const idAt = (at: Sql, { id }: ScaleOrganization, kind: string): Sql => sql`
  overlay(overlay(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || md5(${id}::text || ${kind}::text || n)
    placing '7' from 13 for 1) placing '8' from 17 for 1)::char(32)::uuid`;

export const organizationStatement = ({ id, number, now }: ScaleOrganization): Sql => sql`
  insert into organizations (id, name, slug, description, max_users_per_team, created_at, updated_at)
  values (${id}, ${`Scale ${number}`}, ${`scale-${number}`}, 'Made-up data to measure with. Nobody in here exists.', 1000000,
    ${now}::timestamptz - interval '1 year', ${now}::timestamptz - interval '1 year')`;

/** The first user owns it, and is the only one who has a password. */
export const usersStatement = (of: ScaleOrganization, users: number, passwordHash: string): Sql => sql`
  with made as (
    insert into users (id, org_id, email, verified_email, username, full_name, password_hash, created_at, updated_at)
    select ${idAt(sql`at`, of, 'user')}, ${of.id}, address, address, ${`scale-${of.number}-`}::text || n, 'Person Number ' || n,
      case when n = 1 then ${passwordHash}::text end, at, at
    from generate_series(1, ${users}::int) n, lateral (select ${of.now}::timestamptz - interval '1 year' as at) moment,
      lateral (select format('person-%s@scale-%s.example', n, ${of.number}::text) as address) spelled
    returning id, email, created_at
  )
  insert into organization_memberships (org_id, user_id, role, created_at, updated_at)
  select ${of.id}, id, case when email like 'person-1@%' then 'owner' else 'member' end, created_at, created_at from made`;

export const teamsStatement = (of: ScaleOrganization): Sql => sql`
  insert into teams (org_id, id, name, slug, created_at, updated_at)
  select ${of.id}, ${idAt(sql`at`, of, 'team')}, 'Team ' || n, 'team-' || n, at, at
  from generate_series(1, ${teamsPerOrganization}::int) n, lateral (select ${of.now}::timestamptz - interval '1 year' as at) moment`;

/** Everybody is in one team, in turn. */
export const teamMembershipsStatement = ({ id }: ScaleOrganization): Sql => sql`
  insert into team_memberships (org_id, team_id, user_id, role, created_at, updated_at)
  select m.org_id, t.id, m.user_id, case m.role when 'owner' then 'admin' else 'member' end, m.created_at, m.created_at
  from (select *, row_number() over (order by user_id) as n from organization_memberships where org_id = ${id}) m
  join (select *, row_number() over (order by id) as n from teams where org_id = ${id}) t on t.n = 1 + m.n % ${teamsPerOrganization}`;

/** Incidents number `from` to `to` of so many, over a year, the oldest first, each with the beginning of its timeline. */
export const incidentsStatement = (
  of: ScaleOrganization,
  { from, to, total }: { readonly from: number; readonly to: number; readonly total: number },
  { teams, people }: { readonly teams: readonly string[]; readonly people: readonly string[] },
): Sql => sql`
  with facts as (
    select n, at, ${pick(text.services, 1)} as service, ${pick(text.symptoms, 2)} as symptom, ${pick(text.regions, 3)} as region,
      ${pick(teams, 4)}::uuid as team_id, ${pick(people, 5)}::uuid as person,
      ${pick(['closed', 'closed', 'closed', 'resolved', 'in_progress', 'open'], 6)} as status,
      ${pick(['low', 'medium', 'medium', 'high', 'critical'], 7)} as priority,
      1 + abs(hashint4extended(n, 8) % 90)::int as minutes
    from generate_series(${from}::int, ${to}::int) n,
      lateral (select ${of.now}::timestamptz - interval '1 year' * ((${total}::int - n)::float8 / ${total}::int) - interval '1 hour' as at) moment
  ), made as (
    insert into incidents (org_id, id, team_id, title, description, status, priority, assigned_to, tags, incident_metadata, started_at,
      resolved_at, closed_at, response_time_minutes, resolution_time_minutes, created_by, updated_by, created_at, updated_at)
    select ${of.id}, ${idAt(sql`at`, of, 'incident')}, team_id, format('%s: %s in %s', service, symptom, region),
      format('Requests to %s in %s failed for %s minutes. Runbook: https://runbooks.example.com/%s', service, region, minutes, service),
      status, priority, case when status <> 'open' then person end, array[service, region],
      jsonb_build_object('source', 'prometheus', 'value', minutes), case when status <> 'open' then at end,
      case when status in ('resolved', 'closed') then at + minutes * interval '20 seconds' end,
      case when status = 'closed' then at + minutes * interval '30 seconds' end,
      case when status <> 'open' then 0 end, case when status in ('resolved', 'closed') then minutes / 3 end, person, person, at, at
    from facts
    returning id, created_by, created_at
  )
  insert into incident_events (org_id, incident_id, id, type, actor_id, created_at)
  select ${of.id}, id, gen_random_uuid(), 'created', created_by, created_at from made`;
