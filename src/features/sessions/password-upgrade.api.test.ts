import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, password, type Tenant, unique } from '../../../test/harness/tenant.ts';

const options = (iterations: number) => ({
  passwords: { minLength: 15, blocklist: true, cost: { memoryKib: 8, iterations, parallelism: 1 } },
});

let before: TestApp;
let after: TestApp;
let tenant: Tenant;

beforeAll(async () => {
  [before, after] = await Promise.all([startApp(options(1)), startApp(options(2))]);
  tenant = await newTenant(before);
});
afterAll(() => Promise.all([before, after].map((each) => each[Symbol.asyncDispose]())));

const logIn = (app: TestApp, email: string, tried = password) =>
  app.anonymous.post('/auth/login', { email, password: tried });

/** Someone whose password has a hash of before. */
async function someone() {
  const name = unique('someone');
  const email = `${name}@example.com`;
  const body = { email, username: name, password, team_id: tenant.teamId };
  const { id } = (await tenant.owner.client.post(`/organizations/${tenant.orgId}/users`, body)).body;
  return { id: id as string, email };
}

async function accountOf(id: string) {
  const { rows } = await before.superuser.query(
    'select password_hash, session_generation, updated_at from users where id = $1',
    [id],
  );
  return rows[0];
}
const iterationsOf = async (id: string) => /,t=(\d+),/.exec((await accountOf(id)).password_hash)?.[1];

async function rehashes(): Promise<Record<string, number>> {
  const metric = await after.app.metrics.registry.getSingleMetric('password_rehashes_total')?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels['result'], value]));
}

test('a login with a hash of other parameters brings it to those of now, ends no session and leaves no entry', async () => {
  const { id, email } = await someone();
  const session = before.clientOf((await logIn(before, email)).body.access_token);
  const stored = await accountOf(id);
  const { done = 0 } = await rehashes();
  expect((await logIn(after, email)).status).toBe(200);
  await expect.poll(() => iterationsOf(id)).toBe('2');
  await expect.poll(rehashes).toMatchObject({ done: done + 1 });
  expect(await accountOf(id)).toEqual({ ...stored, password_hash: expect.any(String) });
  expect((await session.get('/auth/me')).status).toBe(200);
  expect((await logIn(after, email)).status).toBe(200);
  expect((await logIn(before, email)).status).toBe(200);
  const { rows } = await before.superuser.query(
    `select action from audit_events where resource_id = $1 and action not in ('user.created')`,
    [id],
  );
  expect(rows).toEqual([]);
});

test('a wrong password hashes nothing anew, and what failed stays counted', async () => {
  const { id, email } = await someone();
  const counted = async () => {
    const { rows } = await before.superuser.query(
      `select failures from login_attempts where bucket = login_bucket('account', $1, '')`,
      [email],
    );
    return rows[0]?.failures;
  };
  expect((await logIn(after, email, 'not the passphrase of anybody')).status).toBe(401);
  expect((await logIn(after, email, 'not the passphrase of anybody')).status).toBe(401);
  expect([await iterationsOf(id), await counted()]).toEqual(['1', 2]);
  expect((await logIn(after, email)).status).toBe(200);
  await expect.poll(() => iterationsOf(id)).toBe('2');
  expect(await counted()).toBe(2);
});

test('a password that was set meanwhile is kept, and ends sessions as ever', async () => {
  const { id, email } = await someone();
  const { password_hash: hash, session_generation: generation } = await accountOf(id);
  const rehash = (from: string) =>
    before.superuser.query('select rehash_password($1, $2, $3) as done', [id, from, 'anew']);
  await before.superuser.query(`update users set password_hash = 'another' where id = $1`, [id]);
  expect((await rehash(hash)).rows).toEqual([{ done: false }]);
  expect(await accountOf(id)).toMatchObject({ password_hash: 'another', session_generation: generation + 1 });
  expect((await rehash('another')).rows).toEqual([{ done: true }]);
  await before.superuser.query(`update users set password_hash = $2 where id = $1`, [id, hash]);
  expect((await accountOf(id)).session_generation).toBe(generation + 2);
  expect((await logIn(before, email)).status).toBe(200);
});

test('a login whose password is hashed anew beside it is let in', async () => {
  const { id, email } = await someone();
  const { password_hash: hash } = await accountOf(id);
  const client = await before.superuser.connect();
  try {
    await client.query('begin');
    await client.query('select from users where id = $1 for update', [id]);
    const login = logIn(before, email);
    const waits = async () =>
      (await before.superuser.query(`select from pg_locks where not granted and locktype = 'transactionid'`))
        .rowCount;
    await expect.poll(waits).toBeGreaterThan(0);
    const other = (await before.superuser.query('select password_hash from users where id = $1', [
      tenant.owner.id,
    ])) as { rows: { password_hash: string }[] };
    await client.query('select rehash_password($1, $2, $3)', [id, hash, other.rows[0]?.password_hash]);
    await client.query('commit');
    expect((await login).status).toBe(200);
  } finally {
    client.release(true);
  }
});
