import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { finishBrownie } from '../../src/platform/programs/run-brownie.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { createOwnDatabase, type OwnDatabase } from '../harness/own-database.ts';

let database: OwnDatabase;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let owner: pg.Client;

beforeAll(async () => {
  database = await createOwnDatabase();
  folder = await temporaryFolder();
  owner = new pg.Client(database.owner);
  await owner.connect();
});
afterAll(async () => {
  await Promise.all([owner.end(), folder[Symbol.asyncDispose]()]);
  await database[Symbol.asyncDispose]();
});
beforeEach(() => owner.query('truncate jwt_keys, operator_events'));

const jwt = (...args: string[]) =>
  finishBrownie(['jwt', ...args], {
    directory: folder.path,
    variables: {
      METADATA_POSTGRES_DSN: database.service,
      METADATA_POSTGRES_MIGRATION_DSN: database.owner,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
    },
  });
const events = async () =>
  (await owner.query('select action, actor, details from operator_events order by id')).rows;
const nameOfDatabase = () => new URL(database.owner).pathname.slice(1);

test('every change says on which database it was made, and leaves a row that names who made it', async () => {
  const staged = await jwt('stage');
  expect([staged.code, staged.stderr]).toEqual([0, '']);
  expect(staged.stdout).toContain(`Database: ${nameOfDatabase()} on `);
  const promoted = await jwt('promote');
  expect(promoted.stdout).toContain('there was none before it');
  await jwt('stage');
  expect((await jwt('promote')).stdout).toMatch(/Tokens of \S+ are accepted for 61 min more/);
  expect((await jwt('retire', '--force')).code).toBe(0);
  expect((await jwt('retire')).stdout).toContain('There is no key to retire.');
  expect((await jwt('revoke-all', '--yes')).code).toBe(0);
  const rows = await events();
  expect(rows.map(({ action }) => action)).toEqual([
    'keys.staged',
    'keys.promoted',
    'keys.staged',
    'keys.promoted',
    'keys.retired',
    'keys.revoked',
  ]);
  expect(rows[0]).toMatchObject({
    actor: expect.stringMatching(/^.+@.+$/),
    details: { kid: expect.any(String) },
  });
  expect(rows[4]).toMatchObject({ details: { count: 1, is_forced: true } });
});

test('what is only tried leaves nothing', async () => {
  const tried = await jwt('stage', '--dry-run', '--json');
  expect([tried.code, JSON.parse(tried.stdout)]).toMatchObject([0, { is_dry_run: true }]);
  expect(JSON.parse(tried.stdout).message).not.toMatch(/[\da-f]{16}/);
  expect(JSON.parse((await jwt('status', '--json')).stdout)).toMatchObject({ keys: [] });
  expect(await events()).toEqual([]);
});

test.each([
  [['revoke-all'], 4, 'refused', '--yes'],
  [['promote'], 4, 'refused', 'brownie jwt stage'],
  [['promote', '--no-such-option'], 2, 'wrong_usage', '--no-such-option'],
])('%j with --json is a document, and a line for people', async (args, code, error, words) => {
  const refused = await jwt(...args, '--json');
  expect(refused.code).toBe(code);
  expect(JSON.parse(refused.stdout)).toEqual({
    error,
    exit_code: code,
    messages: [expect.stringContaining(words)],
  });
  expect(refused.stderr).toContain(words);
  expect(await events()).toEqual([]);
});

test('wrong usage names the help of the very command', async () => {
  expect((await jwt('stage', '--nothing')).stderr).toContain('(see brownie jwt stage --help)');
});
