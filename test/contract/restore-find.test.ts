import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { brownie } from '../acceptance/service-process.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant } from '../harness/tenant.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('a moment is found by what was done, in every organization, without the archive', async () => {
  const { orgId, owner, incident } = await newTenant(app);
  const since = new Date(Date.now() - 60_000).toISOString();
  const { id } = await incident();
  expect((await owner.client.delete(`/incidents/${id}`)).status).toBe(200);
  const { superuser, service } = inject('databases');
  const variables = {
    METADATA_POSTGRES_DSN: service,
    METADATA_BACKUP_DSN: Object.assign(new URL(superuser), { pathname: new URL(service).pathname }).href,
    METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
  };
  const find = (...args: string[]) =>
    brownie(['restore', 'find', '--since', since, '--resource', id, ...args], variables);

  const deleted = await find('--action', 'incident.deleted');
  expect([deleted.code, deleted.stderr]).toEqual([0, '']);
  const [, at = '', before = ''] =
    /^(\S+Z) {2}incident\.deleted .*\n {2}just before it: brownie restore time (\S+Z)\n$/.exec(
      deleted.stdout,
    ) ?? [];
  expect(deleted.stdout).toContain(`incident.deleted ${id} by ${owner.id}, organization ${orgId}`);
  expect(Date.parse(at) - Date.parse(before)).toBe(1);

  const both = JSON.parse((await find('--json')).stdout) as { what: string[]; before: { lsn: null } }[];
  expect(both.map(({ what: [what = ''], before: { lsn } }) => [what.split(' ')[0], lsn])).toEqual([
    ['incident.created', null],
    ['incident.deleted', null],
  ]);
  expect((await find('--action', 'team.deleted')).stdout).toMatch(
    /^Nothing of the kind was audited between /,
  );
});
