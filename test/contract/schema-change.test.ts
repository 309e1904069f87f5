import pg from 'pg';
import { expect, test } from 'vitest';
import { createPool } from '../../src/platform/database/pool.ts';
import { startApp } from '../harness/app.ts';
import type { Reply } from '../harness/client.ts';
import { createOwnDatabase } from '../harness/own-database.ts';
import { newTenant } from '../harness/tenant.ts';

/** Columns that statements return, compare and write, with the types between which a migration may move them. */
const columns = [
  ['incidents', 'title', 'varchar(500)', 'text'],
  ['incidents', 'version', 'bigint', 'integer'],
  ['incident_events', 'comment', 'varchar(10000)', 'text'],
  ['teams', 'name', 'varchar(255)', 'text'],
  ['users', 'full_name', 'varchar(255)', 'text'],
  ['organization_memberships', 'role', 'varchar(9)', 'text'],
  ['team_memberships', 'role', 'varchar(9)', 'text'],
  ['audit_events', 'action', 'varchar(255)', 'text'],
] as const;
const clients = 8;

/** As a migration does it: the triggers that name the column make way, in the same transaction. */
async function changeType(
  owner: pg.Client,
  { table, column, type }: { readonly table: string; readonly column: string; readonly type: string },
): Promise<void> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select tgname as name, pg_get_triggerdef(t.oid) as definition
     from pg_trigger t join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = any(t.tgattr)
     where t.tgrelid = $1::regclass and a.attname = $2 and not t.tgisinternal`,
    [table, column],
  );
  await owner.query(
    [
      ...rows.map(({ name }) => `drop trigger ${name} on ${table}`),
      `alter table ${table} alter column ${column} type ${type}`,
      ...rows.map(({ definition }) => definition),
    ].join(';'),
  );
}

test('a release goes on serving, under load, while the migrations of the next one change types', async () => {
  await using database = await createOwnDatabase();
  const pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 6,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  const owner = new pg.Client({ connectionString: database.owner });
  await owner.connect();
  await using app = await startApp({ pool });
  const tenant = await newTenant(app);
  const { client } = tenant.owner;

  const failures: Reply[] = [];
  let served = 0;
  const take = (reply: Reply): Reply => {
    served += 1;
    if (reply.status >= 400) {
      failures.push(reply);
    }
    return reply;
  };
  const visit = async (): Promise<void> => {
    const { id } = take(await client.post(`/teams/${tenant.teamId}/incidents`, { title: 'One' })).body;
    take(await client.put(`/incidents/${id}`, { title: 'Another' }));
    take(await client.post(`/incidents/${id}/comments`, { comment: 'Seen' }));
    take(await client.get(`/incidents/${id}`));
    take(await client.get(`/teams/${tenant.teamId}/incidents?limit=5`));
    take(await client.get(`/organizations/${tenant.orgId}/users`));
    take(await client.get(`/teams/${tenant.teamId}`));
  };

  // Every statement is prepared on some connection before the first change.
  await visit();
  let isMigrating = true;
  const load = Promise.all(
    Array.from({ length: clients }, async () => {
      while (isMigrating) {
        await visit();
      }
    }),
  );
  try {
    for (const [table, column, changed, original] of columns) {
      await changeType(owner, { table, column, type: changed });
      await visit();
      await changeType(owner, { table, column, type: original });
    }
  } finally {
    isMigrating = false;
    await load;
    await owner.end();
  }
  expect(failures.map(({ status, body }) => ({ status, body }))).toEqual([]);
  expect(served).toBeGreaterThan(clients * columns.length);
  // The harness ends a pool of its own.
  await pool.end();
});
