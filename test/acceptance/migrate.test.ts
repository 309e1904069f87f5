import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { brownie } from './service-process.ts';

let database: OwnDatabase;
let files: string[];
let version: string;
beforeAll(async () => {
  database = await ownDatabase();
  ({ version } = JSON.parse(await readFile('package.json', 'utf8')));
  files = (await readdir('migrations')).filter((name) => name.endsWith('.sql')).sort();
});
afterAll(() => database[Symbol.asyncDispose]());

const migrate = (...options: string[]) => brownie(['migrate', ...options], database.variables);
const upgradePlan = async () => {
  const { stdout } = await brownie(['upgrade', 'check', '--json'], database.variables);
  return JSON.parse(stdout).plan;
};
const tables = async (): Promise<number> => {
  const { rowCount } = await database.superuser.query("select from pg_tables where schemaname = 'public'");
  return rowCount ?? 0;
};

test('an empty database: status and dry run tell what is pending, and change nothing', async () => {
  const status = await migrate('--status');
  expect([status.code, status.stderr]).toEqual([0, '']);
  expect(status.stdout).toContain('0001    tenancy');
  expect(status.stdout).toContain(`Nothing is applied; ${files.length} pending.`);
  expect(status.stdout).toContain('Run `brownie migrate`');

  const dryRun = await migrate('--dry-run');
  expect([dryRun.code, dryRun.stderr]).toEqual([0, '']);
  for (const file of files) {
    expect(dryRun.stdout).toContain(file);
  }
  expect(await upgradePlan()).toEqual({ from: null, to: version, pending: files, obstacles: [] });
  expect(await tables()).toBe(0);
});

test('everything is applied once, and told step by step', async () => {
  const first = await migrate();
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/^0001-tenancy: applying\n0001-tenancy: applied in /);
  expect(first.stdout).toContain(`${files.length} migrations applied: the schema is up to date.`);

  const second = await migrate();
  expect(second).toEqual({ code: 0, stdout: 'Nothing to apply: the schema is up to date.\n', stderr: '' });

  const status = await migrate('--status');
  expect([status.code, status.stderr]).toEqual([0, '']);
  expect(status.stdout).toContain(`${files.length} applied, 0 pending.\nThe schema is up to date`);
  expect((await migrate('--dry-run')).stdout).toBe('Nothing would be applied: the schema is up to date.\n');
  const { rows } = await database.superuser.query('select actor, action, details from operator_events');
  expect(rows).toEqual([
    { actor: expect.stringMatching(/^.+@.+$/), action: 'schema.migrated', details: { applied: files } },
  ]);
});

test('upgrade check tells people and machines what would be met, and changes nothing', async () => {
  expect(await upgradePlan()).toEqual({
    from: version,
    to: version,
    pending: [],
    obstacles: [],
  });
  await database.superuser.query('begin; lock table incidents in share mode');
  const { code, stdout } = await brownie(['upgrade', 'check'], database.variables).finally(() =>
    database.superuser.query('rollback'),
  );
  expect(code).toBe(3);
  expect(stdout).toContain('the schema is up to date.');
  expect(stdout).toContain('warning: activity.locks');
  expect(stdout).toContain('Next: nothing is to be migrated');
});

test('a history that is not that of the files fails every form, with the reason', async () => {
  await database.superuser.query("update brownie_migrations set checksum = repeat('0', 64) where number = 2");
  const reason = expect.stringMatching(/^0002-incidents\.sql was changed after it was applied .*\n$/);
  for (const options of [[], ['--status'], ['--dry-run']]) {
    expect(await migrate(...options)).toMatchObject({ code: 1, stderr: reason });
  }
  expect((await migrate('--status')).stdout).toMatch(/0002 {4}incidents +changed/);
});

test('a database that cannot be reached is told in one line', async () => {
  const dsn = 'postgresql://brownie:canary-password@127.0.0.1:1/brownie';
  const variables = { METADATA_POSTGRES_DSN: dsn, METADATA_POSTGRES_MIGRATION_DSN: dsn };
  const { code, stdout, stderr } = await brownie(['migrate'], { ...database.variables, ...variables });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^The database cannot be reached .*\n$/);
  expect(stderr).not.toContain('canary');
});
