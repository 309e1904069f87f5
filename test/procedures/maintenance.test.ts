import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { finishBrownie } from '../../src/platform/programs/run-brownie.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { createOwnDatabase, type OwnDatabase } from '../harness/own-database.ts';

const token = 'an-operators-token-that-is-long-enough';
let database: OwnDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let owner: pg.Client;

beforeAll(async () => {
  database = await createOwnDatabase();
  folder = await temporaryFolder();
  app = await startApp({ operations: { allowedAddresses: [], token, hasOwnListener: false } });
  app.app.lifecycle.started();
  owner = new pg.Client(database.owner);
  await owner.connect();
});
afterAll(async () => {
  await Promise.all([owner.end(), app[Symbol.asyncDispose](), folder[Symbol.asyncDispose]()]);
  await database[Symbol.asyncDispose]();
});
beforeEach(() => owner.query('delete from maintenance'));

const brownie = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  finishBrownie(args, {
    directory: folder.path,
    variables: {
      METADATA_POSTGRES_DSN: database.service,
      METADATA_POSTGRES_MIGRATION_DSN: database.owner,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
      ...variables,
    },
  });
const isOn = async () => (await owner.query('select from maintenance')).rowCount === 1;
const ready = async () => (await fetch(`${app.url}/health/ready`)).status;
const withToken = { METADATA_OPERATOR_TOKEN: token };

test('maintenance on, status and off say what is the case, as JSON, too', async () => {
  const on = await brownie([
    'maintenance',
    'on',
    '--message',
    'The database moves',
    '--until',
    '30m',
    '--json',
  ]);
  expect([on.code, JSON.parse(on.stdout)]).toMatchObject([0, { is_on: true, is_quiet: true }]);
  const status = await brownie(['maintenance', 'status', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ is_on: true, message: 'The database moves' });
  expect((await brownie(['maintenance', 'off'])).code).toBe(0);
  expect(await isOn()).toBe(false);
});

test('--dry-run changes nothing', async () => {
  const on = await brownie(['maintenance', 'on', '--message', 'x', '--dry-run']);
  expect([on.code, on.stdout, await isOn()]).toEqual([
    0,
    expect.stringMatching(/^Nothing was changed/),
    false,
  ]);
  await brownie(['maintenance', 'on', '--message', 'x']);
  await brownie(['maintenance', 'off', '--dry-run']);
  expect(await isOn()).toBe(true);
});

test('exit code 3 says that a change which had begun is still under way', async () => {
  const writer = new pg.Client(database.service);
  await writer.connect();
  try {
    await writer.query('begin; delete from team_memberships');
    const { code, stdout } = await brownie(['maintenance', 'on', '--message', 'x']);
    expect([code, stdout]).toEqual([3, expect.stringContaining('still under way')]);
  } finally {
    await writer.end();
  }
});

test.each([
  [['maintenance', 'on']],
  [['maintenance', 'on', '--message', ' ']],
  [['maintenance', 'on', '--message', 'x', '--until', '2020-01-01T00:00:00Z']],
  [['drain', '--wait', 'long']],
])('%j is wrong usage', async (args) => {
  expect((await brownie(args)).code).toBe(2);
  expect(await isOn()).toBe(false);
});

test('drain takes an instance out, undrain puts it back, --dry-run leaves it', async () => {
  expect((await brownie(['drain', '--url', app.url, '--dry-run'], withToken)).code).toBe(0);
  expect(await ready()).toBe(200);
  const drained = await brownie(['drain', '--url', app.url, '--json'], withToken);
  expect([drained.code, JSON.parse(drained.stdout)]).toMatchObject([0, { phase: 'draining', in_flight: 0 }]);
  expect(await ready()).toBe(503);
  expect((await brownie(['undrain', '--url', app.url], withToken)).code).toBe(0);
  expect(await ready()).toBe(200);
});

test('what keeps it from draining is said in one line, without the token', async () => {
  const other = 'another-operators-token-that-is-as-long';
  for (const [args, variables, words] of [
    [[], {}, 'METADATA_OPERATOR_TOKEN is not set'],
    [['--url', app.url], { METADATA_OPERATOR_TOKEN: other }, 'it has another METADATA_OPERATOR_TOKEN'],
    [['--url', 'http://127.0.0.1:1'], withToken, 'does not answer'],
  ] as const) {
    const { code, stdout, stderr } = await brownie(['drain', ...args], variables);
    expect([code, stdout, stderr.trim().split('\n')]).toEqual([1, '', [expect.stringContaining(words)]]);
    expect(stderr).not.toContain(other);
    expect(stderr).not.toContain(token);
  }
});
