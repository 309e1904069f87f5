import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool } from '../../src/platform/database/pool.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { createOwnDatabase, type OwnDatabase } from '../harness/own-database.ts';
import { signupBody } from '../harness/tenant.ts';

let database: OwnDatabase;
let pool: pg.Pool;
let app: TestApp;
/** Holds the table of agent configurations: whoever lists them waits. */
let holder: pg.Client;

beforeAll(async () => {
  database = await createOwnDatabase();
  pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 10,
    acquireTimeoutMs: 2_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 60_000,
    idleInTransactionTimeoutMs: 60_000,
    queryTimeoutMs: 65_000,
    onIdleError: () => undefined,
  });
  app = await startApp({ pool });
  holder = new pg.Client({ connectionString: database.owner });
  await holder.connect();
});
afterAll(async () => {
  await holder.end();
  await app[Symbol.asyncDispose]();
  await pool.end();
  await database[Symbol.asyncDispose]();
});

async function newClient() {
  const signup = await app.anonymous.post('/auth/signup', signupBody());
  const client = app.clientOf(signup.body.access_token);
  return { client, teamId: (await client.get('/auth/me')).body.team_id as string };
}

test('who makes thirty slow reads at once is refused some, and neighbours are answered', async () => {
  const [greedy, neighbour] = [await newClient(), await newClient()];
  await holder.query('begin');
  await holder.query('lock table agent_configs in access exclusive mode');
  const replies = Array.from({ length: 30 }, () =>
    greedy.client.get(`/teams/${greedy.teamId}/agent-configs`),
  );
  const refused = await Promise.race(replies);
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
    429,
    'rate.limited',
    '1',
  ]);
  for (let turn = 0; turn < 5; turn += 1) {
    const found = await neighbour.client.get(`/teams/${neighbour.teamId}/incidents?q=disk`);
    expect(found.status).toBe(200);
  }
  await holder.query('rollback');
  const statuses = (await Promise.all(replies)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
});
