import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type TestApp } from '../../test/harness/app.ts';
import { tokenOf } from '../../test/harness/session.ts';
import { openSession } from '../commands/open-session.ts';
import { fillScale, shareOf } from './fill-scale.ts';

const scale = { organizations: 2, users: 13, incidents: 301 };
const passwordHash = 'a hash that no password has';
let app: TestApp;
const progress: string[] = [];

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const fill = async (now: number): Promise<number> => {
  await using session = openSession({ dsn: inject('databases').owner, timeoutMs: 60_000 });
  const onProgress = (kind: string, done: number, total: number) => progress.push(`${done}/${total} ${kind}`);
  return await fillScale(session.db, { scale, passwordHash, now, onProgress });
};
const count = async (table: string): Promise<number> => {
  const { rows } = await app.superuser.query(
    `select count(*)::int as n from ${table} where org_id in (select id from organizations where slug like 'scale-_')`,
  );
  return rows[0].n;
};

test('of two runs at once one makes each organization, and a third one makes none; all rows are there once', async () => {
  expect((await Promise.all([fill(Date.now()), fill(Date.now())])).reduce((a, b) => a + b)).toBe(2);
  expect(await fill(Date.now())).toBe(0);
  expect(progress.at(-1)).toBe('301/301 incidents');
  const tables = ['users', 'team_memberships', 'incidents', 'incident_events', 'teams', 'audit_events'];
  expect(await Promise.all(tables.map(count))).toEqual([13, 13, 301, 301, 10, 2]);
});

// @NOTE rows are compared with their schemas as they are read: see test/harness/app.ts.
test('the API reads them as its own, and finds them', async () => {
  const { rows } = await app.superuser.query(
    `select u.id, o.id as org_id, u.email from users u join organizations o on o.id = u.org_id
     where u.email = 'person-1@scale-1.example' and password_hash = $1`,
    [passwordHash],
  );
  const { id: userId, org_id: orgId, email } = rows[0];
  const owner = app.clientOf(await tokenOf(app.superuser, { userId, orgId, email, roles: ['admin'] }));
  const page = await owner.get(`/organizations/${orgId}/incidents?q=certificate&limit=100`);
  expect(page.status).toBe(200);
  expect(page.body.items.length).toBeGreaterThan(5);
  expect((await owner.get(`/organizations/${orgId}/users`)).body.items).toHaveLength(6);
});

test('nothing is lost by spreading', () => {
  const shares = Array.from({ length: 7 }, (_, index) => shareOf(100, index, 7));
  expect(shares.reduce((a, b) => a + b)).toBe(100);
  expect(Math.max(...shares) - Math.min(...shares)).toBe(1);
});
