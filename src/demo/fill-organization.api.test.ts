import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../test/harness/app.ts';
import type { Client } from '../../test/harness/client.ts';
import { tokenOf } from '../../test/harness/session.ts';
import { Database } from '../platform/database/database.ts';
import { createPool } from '../platform/database/pool.ts';
import { demoOrganization } from './demo-organization.ts';
import type { FillOptions } from './fill-options.ts';
import { type Filled, fillOrganization } from './fill-organization.ts';

const { id: orgId } = demoOrganization;
const options: FillOptions = {
  incidents: 300,
  passwordHashes: new Map(),
  now: Date.now(),
  onProgress: () => undefined,
};
let app: TestApp;
let owner: Client;
let results: (Filled | undefined)[];

beforeAll(async () => {
  app = await startApp();
  const pool = createPool({
    dsn: inject('databases').owner,
    sizeMin: 0,
    sizeMax: 2,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 0,
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 60_000,
    idleInTransactionTimeoutMs: 60_000,
    queryTimeoutMs: 65_000,
    onIdleError: () => undefined,
  });
  const db = new Database({ pool });
  results = await Promise.all([fillOrganization(db, options), fillOrganization(db, options)]);
  await pool.end();
  const { rows } = await app.superuser.query(
    "select id, email from users where email = 'maya.okafor@demo.example'",
  );
  const { id: userId, email } = rows[0];
  owner = app.clientOf(await tokenOf(app.superuser, { userId, orgId, email, roles: ['admin'] }));
});
afterAll(() => app[Symbol.asyncDispose]());

/** Every item of a list, page by page. */
async function all(path: string): Promise<{ id: string }[]> {
  const items: { id: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const reply = await owner.get(`${path}?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    items.push(...reply.body.items);
    cursor = reply.body.next_cursor;
  }
  return items;
}

test('of two runs at the same time one fills, the other finds it done', () => {
  expect(results.filter((result) => result === undefined)).toHaveLength(1);
  expect(results.find((result) => result !== undefined)).toMatchObject({
    teams: 6,
    users: 25,
    incidents: 300,
    agents: 20,
  });
});

// @NOTE rows are compared with their schemas as they are read, and replies with OpenAPI: see test/harness/app.ts.
test('the API reads all of it as its own', async () => {
  expect(await all(`/organizations/${orgId}/users`)).toHaveLength(25);
  const teams: { id: string }[] = (await owner.get(`/organizations/${orgId}/teams`)).body;
  const incidents = (await Promise.all(teams.map(({ id }) => all(`/teams/${id}/incidents`)))).flat();
  expect(incidents).toHaveLength(300);
  expect(await all(`/incidents/${incidents[0]?.id}/events`)).not.toHaveLength(0);
  const agents = (await Promise.all(teams.map(({ id }) => all(`/teams/${id}/agent-configs`)))).flat();
  expect(agents).toHaveLength(20);
  for (const { id } of agents) {
    expect((await all(`/agent-configs/${id}/versions`)).length).toBeGreaterThan(1);
  }
  expect((await owner.get(`/organizations/${orgId}/stats?limit=100`)).body.items).toHaveLength(100);
  expect((await all(`/organizations/${orgId}/audit-events`)).length).toBeGreaterThan(100);
});
