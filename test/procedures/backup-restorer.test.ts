import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createCluster, ownFolder, startOwnPostgres } from '../../src/platform/programs/own-postgres.ts';
import { runToEnd } from '../../src/platform/programs/run-to-end.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { backedUpServer } from './backed-up-server.ts';

const { database, inFolder, asRole, asSuperuser, brownie } = backedUpServer();

test('a role that may not restore is told apart from a damaged backup, and what it lacks is said', async () => {
  const METADATA_BACKUP_DIR = inFolder('trial');
  expect((await brownie(['backup', 'create'], { METADATA_BACKUP_DIR })).code).toBe(0);
  const state = await readFile(join(METADATA_BACKUP_DIR, 'state.json'), 'utf8');
  await asSuperuser(`create role restorer login password 'canary-restorer'`);
  const METADATA_BACKUP_RESTORE_DSN = asRole('restorer:canary-restorer');
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
    expect.stringMatching(/LOOK +amcheck +not done: it takes a superuser/),
  ]);
  expect(done.stdout).not.toContain('FAILED');
});

test('on a new server the logins that have no password are named, since nobody could log in as them', async () => {
  const METADATA_BACKUP_DIR = inFolder('for-a-new-server');
  expect((await brownie(['backup', 'create'], { METADATA_BACKUP_DIR })).code).toBe(0);
  const scratch = await ownFolder(inFolder('scratch'), database().user);
  const dataDirectory = join(scratch, 'data');
  const password = await createCluster(dataDirectory, database().user);
  const port = await freePort();
  const options = { dataDirectory, directory: scratch, port, user: database().user };
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
    METADATA_BACKUP_DIR: inFolder('for-nowhere'),
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

// The last: the server is another one afterwards.
test('a refusal in another language is no damage of a backup either', async () => {
  const METADATA_BACKUP_DIR = inFolder('in-german');
  // What only a superuser brings back.
  await asSuperuser('create extension pg_stat_statements');
  expect((await brownie(['backup', 'create'], { METADATA_BACKUP_DIR })).code).toBe(0);
  await asSuperuser(
    `create role clerk login createdb bypassrls password 'canary-clerk' in role brownie_owner`,
  );
  await speakGerman();
  const METADATA_BACKUP_RESTORE_DSN = asRole('clerk:canary-clerk');
  const asClerk = () =>
    brownie(['backup', 'verify', '--restore'], { METADATA_BACKUP_DIR, METADATA_BACKUP_RESTORE_DSN });
  const inGerman = await asClerk();
  expect([inGerman.code, inGerman.stdout]).toEqual([4, expect.stringMatching(/name a superuser/i)]);
  expect(inGerman.stdout).not.toContain('FAILED');

  await asSuperuser('grant set on parameter lc_messages to clerk');
  const inEnglish = await asClerk();
  expect([inEnglish.code, inEnglish.stdout]).toEqual([
    4,
    expect.stringContaining('permission denied to create extension'),
  ]);
  const bySuperuser = await brownie(['backup', 'verify', '--restore'], { METADATA_BACKUP_DIR });
  expect([bySuperuser.code, bySuperuser.stderr]).toEqual([0, '']);
});

/** Starts the server again, in the language of a locale that is made for it. */
async function speakGerman(): Promise<void> {
  const { dataDirectory, directory, port, server, user } = database();
  const locales = await ownFolder(join(directory, 'locales'), user);
  const locale = ['-i', 'de_DE', '-f', 'UTF-8', join(locales, 'de_DE.UTF-8')];
  expect(await runToEnd('localedef', locale, { user })).toMatchObject({ code: 0 });
  await server.stop();
  const options = `-c port=${port} -c unix_socket_directories='${directory}' -c lc_messages=de_DE.UTF-8`;
  const start = ['start', '-w', '-D', dataDirectory, '-l', join(directory, 'german.log'), '-o', options];
  expect(await runToEnd('pg_ctl', start, { user, environment: { LOCPATH: locales } })).toMatchObject({
    code: 0,
  });
  onTestFinished(async () => {
    await runToEnd('pg_ctl', ['stop', '-w', '-m', 'fast', '-D', dataDirectory], { user });
  });
}
