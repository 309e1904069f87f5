import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentConfigStore } from '../../src/features/agent-configs/agent-config-store.ts';
import type { IncidentListQuery } from '../../src/features/incidents/incident-schemas.ts';
import { incidentStore } from '../../src/features/incidents/incident-store.ts';
import { userStore } from '../../src/features/users/index.ts';
import { Queryable } from '../../src/platform/database/queryable.ts';
import { column, type Sql, sql } from '../../src/platform/database/sql.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { fencesOf } from '../harness/markdown.ts';
import { newTenant, type Tenant, unique } from '../harness/tenant.ts';

const nobody = '00000000-0000-7000-8000-000000000000';

let app: TestApp;
let tenant: Tenant;
let client: pg.PoolClient;

// @NOTE all in one transaction that is taken back: whoever tests beside us does not see these rows.
beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  client = await app.superuser.connect();
  await client.query('begin');
  // @NOTE without triggers: what makes lists long needs no entries for searches, but for the incidents below.
  await client.query('set local session_replication_role = replica');
  await client.query(
    `insert into incidents (org_id, id, team_id, title, status, priority, created_by, created_at,
                            assigned_to, started_at, response_time_minutes, deleted_at)
     select $1, gen_random_uuid(), $2, 'Incident ' || n, (array['open', 'in_progress'])[1 + n % 2],
            (array['low', 'high'])[1 + n % 2], $3, now() - n * interval '1 minute',
            case when n % 2 = 1 then $3::uuid end, case when n % 2 = 1 then now() end, case when n % 2 = 1 then 0 end, case when n % 10 = 0 then now() end
     from generate_series(1, 20000) n`,
    [tenant.orgId, tenant.teamId, tenant.owner.id],
  );
  await client.query(
    `insert into agent_configs (org_id, id, team_id, name, agent_type, is_active, created_by, created_at, deleted_at)
     select $1, gen_random_uuid(), $2, 'Agent ' || n, (array['custom', 'analysis'])[1 + n % 2], n % 3 = 0, $3,
            now() - n * interval '1 minute', case when n % 10 = 0 then now() end
     from generate_series(1, 20000) n`,
    [tenant.orgId, tenant.teamId, tenant.owner.id],
  );
  await client.query(
    `with person as (
       insert into users (id, org_id, email, username)
       select gen_random_uuid(), $1, n || $3 || '@example.com', $3 || '-' || n from generate_series(1, 2000) n
       returning id
     ), membership as (
       insert into organization_memberships (org_id, user_id, role, team_id) select $1, id, 'member', $2 from person
       returning user_id
     )
     insert into team_memberships (org_id, team_id, user_id, role, created_at)
     select $1, $2, user_id, 'viewer', now() - row_number() over () * interval '1 minute' from membership`,
    [tenant.orgId, tenant.teamId, unique('p')],
  );
  // A third of the incidents: enough that reading them all shows.
  await client.query(
    `insert into search_entries (org_id, kind, id, team_id, at, value, tags)
     select org_id, 'incident', id, team_id, created_at, search_fold(title) || ' often' ||
            case when random() < 0.02 then ' seldom' else '' end,
            case when title like '%77' then array['rare'] else '{}' end
     from incidents where org_id = $1 and title ~ '[147]$'`,
    [tenant.orgId],
  );
  await client.query('set local session_replication_role = origin');
  await client.query(
    'analyze search_entries, incidents, agent_configs, users, organization_memberships, team_memberships, teams',
  );
  await client.query('set local role brownie_app');
  await client.query(`select set_config('app.org_id', $1, true)`, [tenant.orgId]);
});
afterAll(async () => {
  await client.query('rollback');
  client.release();
  await app[Symbol.asyncDispose]();
});

/** Keeps what PostgreSQL would do for each statement, and gives no row. */
class Explaining extends Queryable {
  plan = '';

  protected async send({ text, values }: Sql): Promise<pg.QueryResult> {
    const result = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`, [...values]);
    this.plan = result.rows.map((row) => row['QUERY PLAN']).join('\n');
    return { ...result, rows: [] };
  }
}

/** Runs statements as the service does. */
class Running extends Queryable {
  protected send({ text, values }: Sql): Promise<pg.QueryResult> {
    return client.query(text, [...values]);
  }
}

const range = {
  skip: sql`and (created_at, id) < (now(), ${nobody}::uuid)`,
  order: sql`order by created_at desc, id desc`,
  limit: 21,
  ascending: false,
};

/**
 * Read in order from an index, all of it down to the last page: nothing is sorted, neither there nor where a page is measured, and no
 * table is read whole.
 */
const fromAnIndex =
  /^ +CTE page\n +-> +Limit\n(?: +-> +Result\n +One-Time Filter: .*\n)? +-> +Index Scan using \w+ on \w+\n +Index Cond: .*ROW\(created_at, id\) < .*(?:\n +Filter: .*)?\n +-> +WindowAgg\n(?: +(?:Window: |-> +WindowAgg).*\n)* +-> +CTE Scan on page$/m;

describe('a page of a long list is read in order from an index:', () => {
  test.each([
    {},
    { status: 'open' },
    { priority: 'low' },
    { since: '2026-01-01T00:00:00Z' },
    { status: 'open', priority: 'low' },
    { assigned_to: nobody },
    { include_deleted: true },
    { include_deleted: true, status: 'open' },
  ] as const)('incidents %j', async (query) => {
    const db = new Explaining({});
    await incidentStore(db, tenant.orgId).page(tenant.teamId, query, range);
    expect(db.plan).toMatch(fromAnIndex);
  });

  test.each([
    {},
    { agent_type: 'custom' },
    { is_active: true },
    { include_deleted: true },
    { include_deleted: true, agent_type: 'custom' },
  ] as const)('agent configurations %j', async (query) => {
    const db = new Explaining({});
    await agentConfigStore(db, tenant.orgId).page(tenant.teamId, query, range);
    expect(db.plan).toMatch(fromAnIndex);
  });

  test.each([
    { by: 'created_at', query: {} },
    { by: 'created_at', query: { status: 'open' } },
    { by: 'created_at', query: { include_deleted: true } },
    { by: 'updated_at', query: {} },
    { by: 'updated_at', query: { updated_since: '2026-01-01T00:00:00Z' } },
  ] as const)('incidents of all teams, by $by $query', async ({ by, query }) => {
    const db = new Explaining({});
    for (const [beyond, direction] of [
      [sql`<`, sql`desc`],
      [sql`>`, sql`asc`],
    ] as const) {
      const order = sql`order by ${column(by)} ${direction}, id ${direction}`;
      const skip = sql`and (${column(by)}, id) ${beyond} (now(), ${nobody}::uuid)`;
      const ascending = direction.text === 'asc';
      await incidentStore(db, tenant.orgId).pageOfTeams('all', query, {
        by,
        skip,
        order,
        limit: 21,
        ascending,
      });
      const [, ofTeam] = db.plan.split('Nested Loop\n');
      expect(ofTeam).toMatch(
        /-> +Limit\n(?:.*One-Time Filter.*\n|.*Result\n)* +-> +Index Scan (?:Backward )?using incidents_\w+ on incidents\n +Index Cond: .*ROW\(/,
      );
      expect(ofTeam).not.toContain('Sort');
    }
  });

  test.each([
    { q: 'often' },
    { q: 'seldom' },
    { q: 'seldom', status: 'open' },
    { q: 'nowhere' },
    { q: 'zq' },
    { q: '%' },
    { q: 'often nowhere' },
    { tag: ['rare'] },
    { tag: ['absent'] },
    { tag: ['rare'], q: 'incident' },
  ] satisfies IncidentListQuery[])('a search %j reads few of 20,000 rows', async (query) => {
    await client.query('savepoint search');
    const touched = async (): Promise<number> => {
      const { rows } = await client.query<{ n: number }>(
        `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables
         where relname in ('incidents', 'search_entries')`,
      );
      return rows[0]?.n ?? 0;
    };
    const before = await touched();
    await incidentStore(new Running({}), tenant.orgId).page(tenant.teamId, query, range);
    expect((await touched()) - before).toBeLessThan(1_500);
    await client.query('rollback to savepoint search');
  });

  test('what somebody has still to do, who has done much: none of what they have done is read', async () => {
    await client.query('savepoint filter');
    const read = async (): Promise<number> => {
      const { rows } = await client.query<{ n: number }>(
        `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables where relname = 'incidents'`,
      );
      return rows[0]?.n ?? 0;
    };
    const before = await read();
    const query = { assigned_to: tenant.owner.id, status: 'open' } as const;
    await incidentStore(new Running({}), tenant.orgId).page(tenant.teamId, query, range);
    const organization = { ...range, by: 'created_at' } as const;
    await incidentStore(new Running({}), tenant.orgId).pageOfTeams('all', query, organization);
    expect((await read()) - before).toBeLessThan(100);
    await client.query('rollback to savepoint filter');
  });

  test('members of a team', async () => {
    const db = new Explaining({});
    const page = sql`and (member.created_at, member.user_id) < (now(), ${nobody}::uuid)
      order by member.created_at desc, member.user_id desc limit ${21}`;
    await userStore(db).pageOfTeam(tenant.orgId, tenant.teamId, page);
    expect(db.plan).toContain('using team_memberships_list_idx on team_memberships member');
    expect(db.plan).not.toMatch(/Sort|Seq Scan/);
  });
});

test('the lookups that docs/operations.md gives for psql read an index, and the one that it warns of does not', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const fence = fencesOf(guide).find(({ text }) => text.includes('email_key('));
  const statements = fence?.text.split(';\n').filter((text) => text.trim() !== '') ?? [];
  const planOf = async (statement: string): Promise<string> => {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${statement}`);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  // As brownie_backup and a superuser: with every row to see.
  await client.query('savepoint psql');
  await client.query('set local role none');
  const plans: string[] = [];
  for (const statement of statements) {
    plans.push(await planOf(statement));
  }
  const bare = await planOf(`select * from users where email = 'ada@example.com'`);
  await client.query('rollback to savepoint psql');
  expect(plans).toHaveLength(4);
  expect(plans[0]).toContain('idx_users_email');
  for (const plan of plans) {
    expect(plan).toMatch(/Index (Only )?(Scan|Cond)|Bitmap Index Scan/);
    expect(plan).not.toContain('Seq Scan');
  }
  expect(bare).toContain('Seq Scan on users');
});
