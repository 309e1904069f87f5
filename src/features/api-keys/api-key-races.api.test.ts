import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';

let instances: readonly TestApp[];
let tenant: Tenant;

beforeAll(async () => {
  instances = await Promise.all([startApp(), startApp(), startApp()]);
  tenant = await newTenant(instances[0] as TestApp);
});
afterAll(() => Promise.all(instances.map((each) => each[Symbol.asyncDispose]())));

async function make(): Promise<{ id: string; key: string }> {
  const made = await tenant.owner.client.post(`/organizations/${tenant.orgId}/api-keys`, {
    name: 'Raced',
    scopes: ['incidents:read', 'incidents:write'],
  });
  expect(made.status).toBe(201);
  return made.body;
}

test('a key that is revoked while it is in use on three instances does nothing that begins after the reply', async () => {
  const { id, key } = await make();
  const late: number[] = [];
  let isRevoked = false;
  let served = 0;
  const use = async (app: TestApp): Promise<void> => {
    for (let refused = 0; refused < 5; ) {
      const beganAfter = isRevoked;
      const { status } = await app
        .clientOf(key)
        .post(`/teams/${tenant.teamId}/incidents`, { title: 'Raced' });
      served += status === 200 ? 1 : 0;
      refused += status === 401 ? 1 : 0;
      if (beganAfter || (status !== 200 && status !== 401)) {
        late.push(status);
      }
    }
  };
  const users = instances.flatMap((app) => [use(app), use(app)]);
  await expect.poll(() => served).toBeGreaterThan(12);
  expect((await tenant.owner.client.delete(`/api-keys/${id}`)).status).toBe(204);
  isRevoked = true;
  await Promise.all(users);
  expect(new Set(late)).toEqual(new Set([401]));
});

test('a key that is rotated while it is in use loses no request of its overlap, and ends up with one secret and its predecessor', async () => {
  const { id, key } = await make();
  const statuses: number[] = [];
  let isOver = false;
  const use = async (app: TestApp): Promise<void> => {
    while (!isOver) {
      statuses.push((await app.clientOf(key).get(`/teams/${tenant.teamId}/incidents`)).status);
    }
  };
  const users = instances.map(use);
  await expect.poll(() => statuses.length).toBeGreaterThan(6);
  const { body: rotated } = await tenant.owner.client.post(`/api-keys/${id}/rotate`, {
    overlap_seconds: 600,
  });
  const before = statuses.length;
  await expect.poll(() => statuses.length).toBeGreaterThan(before + 6);
  isOver = true;
  await Promise.all(users);
  expect(new Set(statuses)).toEqual(new Set([200]));

  const rotations = await Promise.all(
    instances.map((app) =>
      app.clientOf(tenant.owner.client.token ?? '').post(`/api-keys/${id}/rotate`, { overlap_seconds: 600 }),
    ),
  );
  expect(rotations.map(({ status }) => status)).toEqual([200, 200, 200]);
  const taken = await Promise.all(
    [key, rotated.key, ...rotations.map(({ body }) => body.key)].map(
      async (each) => (await (instances[1] as TestApp).clientOf(each).get('/auth/me')).status,
    ),
  );
  expect(taken.slice(0, 2)).toEqual([401, 401]);
  expect(taken.slice(2).sort()).toEqual([200, 200, 401]);
});

test('no key is made behind the back of who is deactivated', async () => {
  const [app] = instances as [TestApp];
  const admin = await tenant.person('admin');
  const other = await app.superuser.connect();
  try {
    await other.query('begin');
    const { rows } = await other.query<{ pid: number }>(
      `update users set is_active = false where id = $1 returning pg_backend_pid() as pid`,
      [admin.id],
    );
    const making = admin.client.post(`/organizations/${tenant.orgId}/api-keys`, {
      name: 'Late',
      scopes: ['stats:read'],
      team_ids: [tenant.teamId],
    });
    const waiting = 'select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))';
    await expect.poll(async () => (await app.superuser.query(waiting, [rows[0]?.pid])).rowCount).toBe(1);
    await other.query('commit');
    expect((await making).status).toBe(401);
  } finally {
    other.release();
  }
});
