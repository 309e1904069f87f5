import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attemptBrownie } from '../../src/operations/drills/stage/attempt-brownie.ts';
import {
  type DebianPostgres,
  letThrough,
  startDebianPostgres,
} from '../../src/operations/drills/stage/debian-postgres.ts';
import { createCluster, ownFolder, startOwnPostgres } from '../../src/operations/programs/own-postgres.ts';
import { freePort } from '../../src/platform/embedded-postgres/free-port.ts';

let directory: string;
let database: DebianPostgres;
let backupDsn: string;
let identity: string;
let recipient: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-backup-commands-'));
  await letThrough(directory);
  database = await startDebianPostgres({ directory: join(directory, 'server') });
  // As docs/procedures/backup-and-recovery.md says.
  await asSuperuser(
    `create role brownie_backup login bypassrls password 'canary-backup' in role pg_read_all_data`,
    'grant connect on database brownie to brownie_backup',
  );
  backupDsn = database.superuserDsn.replace(/\/\/[^@]+@/, '//brownie_backup:canary-backup@');
  identity = join(directory, 'identity.txt');
  await promisify(execFile)('age-keygen', ['-o', identity]);
  recipient = (await promisify(execFile)('age-keygen', ['-y', identity])).stdout.trim();
  expect((await brownie(['demo', '--incidents', '300'])).code).toBe(0);
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

async function asSuperuser(...statements: string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: database.superuserDsn });
  await client.connect();
  const results: pg.QueryResult[] = [];
  for (const statement of statements) {
    results.push(await client.query(statement));
  }
  await client.end();
  return results;
}

const folderOf = (name: string): string => join(directory, name);
const brownie = (args: readonly string[], variables: Record<string, string> = {}) =>
  attemptBrownie(args, {
    directory,
    variables: {
      ...database.variables,
      METADATA_BACKUP_DSN: backupDsn,
      METADATA_BACKUP_RESTORE_DSN: database.superuserDsn,
      METADATA_BACKUP_DIR: folderOf('backups'),
      ...variables,
    },
  });

test('a role that row-level security binds makes no backup, and learns how to make one that it does not', async () => {
  for (const name of ['METADATA_POSTGRES_DSN', 'METADATA_POSTGRES_MIGRATION_DSN']) {
    const METADATA_BACKUP_DIR = folderOf('never');
    const refused = await brownie(['backup', 'create'], {
      METADATA_BACKUP_DSN: database.variables[name] ?? '',
      METADATA_BACKUP_DIR,
    });
    expect([refused.code, refused.stderr]).toEqual([
      4,
      expect.stringContaining('create role brownie_backup'),
    ]);
  }
  await expect(readdir(folderOf('never'))).rejects.toThrow('ENOENT');
});

test('a role for backups makes one, the files are its own, and it comes back row for row beside the live one', async () => {
  const made = await brownie(['backup', 'create', '--json']);
  expect([made.code, made.stderr]).toEqual([0, '']);
  const { name, path } = JSON.parse(made.stdout) as { name: string; path: string };
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  for (const file of await readdir(path)) {
    expect((await stat(join(path, file))).mode & 0o777).toBe(0o600);
  }
  const texts = await Promise.all(
    ['manifest.json', 'globals.sql'].map((file) => readFile(join(path, file), 'utf8')),
  );
  expect(`${texts.join()}${made.stdout}`).not.toMatch(/canary|SCRAM-SHA-256/);
  await promisify(execFile)('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: path });

  const restored = await brownie(['backup', 'restore', name, '--into', 'brownie_restored', '--json']);
  expect(JSON.parse(restored.stdout)).toMatchObject({ is_sound: true, database: 'brownie_restored' });
  expect(restored.code).toBe(0);
  const again = await brownie(['backup', 'restore', name, '--into', 'brownie_restored']);
  expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('not empty')]);
  const [live] = await asSuperuser('select count(*)::int as incidents from incidents');
  expect(live?.rows).toEqual([{ incidents: 300 }]);
});

test('a changed value in a restored row is told, with its table', async () => {
  await brownie(['backup', 'create']);
  const { verifyDatabase } = await import('../../src/operations/backup/index.ts');
  const { readManifest } = await import('../../src/operations/backup/manifest.ts');
  const newest =
    (await readdir(folderOf('backups')))
      .filter((name) => name.startsWith('backup_'))
      .toSorted()
      .at(-1) ?? '';
  const manifest = await readManifest(join(folderOf('backups'), newest, 'manifest.json'));
  await asSuperuser(`update teams set description = 'changed' where id = (select id from teams limit 1)`);
  const secrets = { METADATA_JWT_SECRET: database.variables['METADATA_JWT_SECRET'] ?? '' };
  const checks = await verifyDatabase(database.superuserDsn, manifest, secrets);
  expect(checks.filter(({ isOk }) => !isOk)).toEqual([
    {
      name: 'rows',
      isOk: false,
      detail: expect.stringMatching(/^public\.teams has \d+ rows, but not what was in them$/),
    },
  ]);
});

test('an encrypted backup is closed to who made it, and whole to who has the key', async () => {
  const METADATA_BACKUP_DIR = folderOf('encrypted');
  const withKey = { METADATA_BACKUP_DIR, METADATA_BACKUP_AGE_RECIPIENT: recipient };
  const bare = await brownie(['backup', 'create', '--role-passwords'], { METADATA_BACKUP_DIR });
  expect([bare.code, bare.stderr]).toEqual([4, expect.stringContaining('METADATA_BACKUP_AGE_RECIPIENT')]);
  expect((await brownie(['backup', 'create'], withKey)).code).toBe(0);

  const closed = await brownie(['backup', 'restore', '--into', 'never'], withKey);
  expect([closed.code, closed.stderr]).toEqual([
    4,
    expect.stringContaining('METADATA_BACKUP_AGE_IDENTITY_PATH'),
  ]);
  const other = join(directory, 'other.txt');
  await promisify(execFile)('age-keygen', ['-o', other]);
  for (const [path, reason] of [
    [other, 'no identity matched'],
    [join(directory, 'nowhere.txt'), 'no such file'],
  ] as const) {
    const variables = { ...withKey, METADATA_BACKUP_AGE_IDENTITY_PATH: path };
    const looked = await brownie(['backup', 'verify'], variables);
    expect([looked.code, looked.stdout]).toEqual([
      3,
      expect.stringMatching(new RegExp(`ok +files .*\\n +LOOK +list +not read: .*${reason}`)),
    ]);
    const tried = await brownie(['backup', 'verify', '--restore'], variables);
    expect([tried.code, tried.stdout]).toEqual([4, expect.stringContaining('The files are sound.')]);
  }
  const open = await brownie(['backup', 'verify', '--restore'], {
    ...withKey,
    METADATA_BACKUP_AGE_IDENTITY_PATH: identity,
  });
  expect([open.code, open.stdout]).toEqual([0, expect.not.stringContaining('FAILED')]);
  const [left] = await asSuperuser(`select datname from pg_database where datname ~ 'verify|never'`);
  expect(left?.rows).toEqual([]);
});

test('a role that may not restore is told apart from a damaged backup, and what it lacks is said', async () => {
  const METADATA_BACKUP_DIR = folderOf('trial');
  expect((await brownie(['backup', 'create'], { METADATA_BACKUP_DIR })).code).toBe(0);
  const state = await readFile(join(METADATA_BACKUP_DIR, 'state.json'), 'utf8');
  await asSuperuser(`create role restorer login password 'canary-restorer'`);
  const METADATA_BACKUP_RESTORE_DSN = database.superuserDsn.replace(
    /\/\/[^@]+@/,
    '//restorer:canary-restorer@',
  );
  const asRestorer = (...args: string[]) =>
    brownie(['backup', ...args], { METADATA_BACKUP_DIR, METADATA_BACKUP_RESTORE_DSN });
  const rights = ['alter role "restorer" createdb', 'alter role "restorer" bypassrls'];
  const membership = 'grant "brownie_owner" to "restorer"';

  const tried = await asRestorer('verify', '--restore');
  expect([tried.code, tried.stderr]).toEqual([4, '']);
  expect(tried.stdout).toMatch(
    /ok +files .*\n +ok +list .*\nThe files are sound\. The trial restore was not/,
  );
  for (const words of ['METADATA_BACKUP_RESTORE_DSN', 'CREATEDB', ...rights, membership]) {
    expect(tried.stdout).toContain(words);
  }
  expect(tried.stdout).not.toContain('canary');
  const inJson = await asRestorer('verify', '--restore', '--json');
  expect(JSON.parse(inJson.stdout)).toMatchObject([
    { checks: [{ is_ok: true }, { is_ok: true }], refusal: expect.stringContaining('CREATEDB') },
  ]);
  const refused = await asRestorer('restore', '--into', 'brownie_by_restorer');
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('CREATEDB')]);

  // One right alone leaves no database behind.
  await asSuperuser('alter role restorer createdb');
  expect((await asRestorer('restore', '--into', 'brownie_by_restorer')).code).toBe(4);
  const [made] = await asSuperuser(`select from pg_database where datname ~ 'verify|by_restorer'`);
  expect(made?.rowCount).toBe(0);
  expect(await readFile(join(METADATA_BACKUP_DIR, 'state.json'), 'utf8')).toBe(state);

  // With what was named, and nothing else, it is done.
  await asSuperuser(...rights, membership);
  const done = await asRestorer('verify', '--restore');
  expect([done.code, done.stdout]).toEqual([
    3,
    expect.stringMatching(/LOOK +pg_amcheck +not done: it takes a superuser/),
  ]);
  expect(done.stdout).not.toContain('FAILED');
});

test('on a new server the logins that have no password are named, since nobody could log in as them', async () => {
  const METADATA_BACKUP_DIR = folderOf('for-a-new-server');
  expect((await brownie(['backup', 'create'], { METADATA_BACKUP_DIR })).code).toBe(0);
  const scratch = await ownFolder(join(directory, 'scratch'), database.user);
  const dataDirectory = join(scratch, 'data');
  const password = await createCluster(dataDirectory, database.user);
  const port = await freePort();
  const options = { dataDirectory, directory: scratch, port, user: database.user };
  await using server = await startOwnPostgres(options);
  await server.ready(30_000);
  const restored = await brownie(['backup', 'restore', '--into', 'brownie'], {
    METADATA_BACKUP_DIR,
    METADATA_BACKUP_RESTORE_DSN: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
  });
  expect(restored.code).toBe(0);
  expect(restored.stdout).toMatch(
    /These logins are new on this server, and have no password yet: .*brownie_owner, brownie_service/,
  );
});

test('a server that is away is no damage of a backup either', async () => {
  const variables = {
    METADATA_BACKUP_DIR: folderOf('for-nowhere'),
    METADATA_BACKUP_RESTORE_DSN: 'postgresql://postgres:canary@127.0.0.1:1/postgres',
  };
  expect((await brownie(['backup', 'create'], variables)).code).toBe(0);
  const tried = await brownie(['backup', 'verify', '--restore'], variables);
  expect([tried.code, tried.stdout]).toEqual([
    4,
    expect.stringMatching(/The files are sound\. .*127\.0\.0\.1:1, cannot be reached/),
  ]);
  expect(tried.stdout).not.toContain('canary');
});

test('the drill restores the named backups, notes it, and fails where there are none', async () => {
  const before = await brownie(['drill', 'restore'], { METADATA_BACKUP_DIR: folderOf('empty') });
  expect([before.code, before.stdout]).toEqual([1, expect.stringContaining('There is no good backup')]);
  const drilled = await brownie(['drill', 'restore']);
  expect([drilled.code, drilled.stdout]).toEqual([0, expect.stringContaining('restore: passed')]);
  const state = JSON.parse(await readFile(join(folderOf('backups'), 'state.json'), 'utf8')) as object;
  expect(state).toMatchObject({
    restoreDrill: { rtoSeconds: expect.any(Number), rpoSeconds: expect.any(Number) },
  });
});
