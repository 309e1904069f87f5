import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../harness/app.ts';
import { newTenant, type Tenant } from '../harness/tenant.ts';
import { brownie } from './service-process.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const logins = inject('databases');
const run = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
  brownie(args, {
    METADATA_POSTGRES_DSN: logins.service,
    METADATA_POSTGRES_MIGRATION_DSN: logins.owner,
    METADATA_JWT_SECRET: testSecret,
    ...settings,
  });
const entriesOf = async ({ orgId }: Tenant): Promise<number> => {
  const { rows } = await app.superuser.query<{ n: number }>(
    'select count(*)::int as n from audit_events where org_id = $1',
    [orgId],
  );
  return rows[0]?.n ?? Number.NaN;
};
/** `brownie audit prune` of what is recorded by now, as JSON. */
async function prune({ orgId }: Tenant, ...options: readonly string[]) {
  const before = new Date().toISOString();
  const { code, stdout } = await run([
    ...['audit', 'prune', '--organization', orgId, '--before', before, '--json'],
    ...options,
  ]);
  return {
    code,
    ...(JSON.parse(stdout) as { is_dry_run: boolean; organizations: Record<string, unknown>[] }),
  };
}

test('the oldest entries of a trail are counted first, then removed, once, and the rest is still verified', async () => {
  const tenant = await newTenant(app);
  await tenant.team();
  const known = await entriesOf(tenant);
  expect(known).toBeGreaterThan(1);
  const removed = { organization: tenant.orgId, entries: known, first_bad_seq: null };
  expect(await prune(tenant, '--dry-run')).toMatchObject({
    code: 0,
    is_dry_run: true,
    organizations: [removed],
  });
  expect(await entriesOf(tenant)).toBe(known);

  expect(await prune(tenant)).toMatchObject({ code: 0, is_dry_run: false, organizations: [removed] });
  expect(await entriesOf(tenant)).toBeLessThan(known);
  await tenant.team();
  const verified = await run(['audit', 'verify', '--organization', tenant.orgId]);
  expect([verified.code, verified.stdout]).toEqual([
    0,
    expect.stringContaining('Of 1 the oldest entries were removed by the operator, up to a checkpoint'),
  ]);
});

test('a trail that is not what was sealed is left as it is, and told of by exit code 1', async () => {
  const tenant = await newTenant(app);
  await tenant.team();
  expect((await run(['audit', 'verify', '--organization', tenant.orgId])).code).toBe(0);
  const changed = await app.superuser.query(
    `update audit_events set after = '{}'
     where org_id = $1 and id = (select event_id from audit_links where org_id = $1 and seq = 2)`,
    [tenant.orgId],
  );
  expect(changed.rowCount).toBe(1);
  const known = await entriesOf(tenant);
  const { code, organizations } = await prune(tenant);
  expect([code, organizations]).toEqual([
    1,
    [expect.objectContaining({ organization: tenant.orgId, first_bad_seq: expect.any(Number) })],
  ]);
  expect(await entriesOf(tenant)).toBe(known);
});

test('what is older than it is kept is counted, and removed with --apply alone', async () => {
  const tenant = await newTenant(app);
  const stats = `/teams/${tenant.teamId}/stats`;
  const year = 366 * 86_400_000;
  for (const ago of [0, year]) {
    const timestamp = new Date(Date.now() - ago).toISOString();
    const reply = await tenant.owner.client.post(stats, {
      metric_name: 'mttr',
      metric_type: 'gauge',
      value: 12,
      timestamp,
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  }
  const retention = async (...options: readonly string[]) => {
    const { code, stdout } = await run(['retention', '--organization', tenant.orgId, ...options, '--json'], {
      METADATA_STATS_RETENTION_DAYS: '365',
    });
    return { code, ...(JSON.parse(stdout) as object) };
  };
  const kept = async (): Promise<number> => (await tenant.owner.client.get(stats)).body.items.length;

  expect(await retention()).toMatchObject({ code: 0, is_dry_run: true, audit: null, stats: { rows: 1 } });
  expect(await kept()).toBe(2);
  expect(await retention('--apply')).toMatchObject({ code: 0, is_dry_run: false, stats: { rows: 1 } });
  expect(await kept()).toBe(1);
  expect(await retention('--apply')).toMatchObject({ code: 0, stats: { rows: 0 } });
});

test('where everything is kept for ever, it says by which settings that changes', async () => {
  const { code, stderr } = await run(['retention']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('METADATA_AUDIT_RETENTION_DAYS');
});

test('who a deleted user was is told first, and erased with --apply alone; the trail is still verified', async () => {
  const tenant = await newTenant(app);
  const { id, email } = await tenant.person('member');
  const early = await run(['erase-user', id]);
  expect([early.code === 0, early.stderr]).toEqual([
    false,
    expect.stringContaining('The user is not deleted'),
  ]);
  expect((await tenant.owner.client.delete(`/users/${id}`)).status).toBe(200);
  const erase = async (...options: readonly string[]) => {
    const { code, stdout } = await run(['erase-user', id, ...options, '--json']);
    return { code, ...(JSON.parse(stdout) as object) };
  };
  const told = async (): Promise<boolean> => {
    const { items } = (await tenant.owner.client.get(`/organizations/${tenant.orgId}/audit-events`)).body;
    return JSON.stringify(items).includes(email);
  };
  const entries = { [tenant.orgId]: expect.any(Number) };
  expect(await erase()).toMatchObject({ code: 0, is_dry_run: true, user: id, entries });
  expect(await told()).toBe(true);
  expect(await erase('--apply')).toMatchObject({
    code: 0,
    is_dry_run: false,
    is_account_erased: true,
    entries,
  });
  expect(await told()).toBe(false);
  expect((await run(['audit', 'verify', '--organization', tenant.orgId])).code).toBe(0);
});
