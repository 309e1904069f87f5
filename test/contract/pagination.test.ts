import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant } from '../harness/tenant.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('a list of 100,000, 30,000 of them of one instant, gives each exactly once while others are inserted', {
  timeout: 120_000,
}, async () => {
  const { orgId, teamId, owner } = await newTenant(app);
  const client = await app.superuser.connect();
  // @NOTE without triggers: nobody searches these.
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into incidents (org_id, id, team_id, title, created_by, created_at)
     select $1, gen_random_uuid(), $2, 'Incident ' || n, $3,
            case when n <= 30000 then timestamptz '2026-01-01' else timestamptz '2026-01-01' + n * interval '1 second' end
     from generate_series(1, 100000) n`,
    [orgId, teamId, owner.id],
  );
  await client.query('reset session_replication_role');
  client.release();
  const { rows } = await app.superuser.query<{ id: string }>('select id from incidents where org_id = $1', [
    orgId,
  ]);
  const expected = new Set(rows.map(({ id }) => id));

  let isWalking = true;
  const inserting = (async () => {
    let inserted = 0;
    while (isWalking) {
      const reply = await owner.client.post(`/teams/${teamId}/incidents`, { title: 'Meanwhile' });
      inserted += reply.status === 200 ? 1 : 0;
    }
    return inserted;
  })();
  const seen = new Map<string, number>();
  let previous = '9999';
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { body } = await owner.client.get(`/teams/${teamId}/incidents?limit=100${query}`);
    for (const { id, created_at: createdAt } of body.items) {
      seen.set(id, (seen.get(id) ?? 0) + 1);
      expect(createdAt <= previous).toBe(true);
      previous = createdAt;
    }
    expect(body.has_more).toBe(body.next_cursor !== null);
    cursor = body.next_cursor;
  } while (cursor !== null);
  isWalking = false;

  expect(await inserting).toBeGreaterThan(100);
  expect([...expected].filter((id) => seen.get(id) !== 1)).toEqual([]);
});
