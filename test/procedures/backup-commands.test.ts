import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { examineTarget } from '../../src/operations/backup/restore/restore-target.ts';
import { readManifest } from '../../src/operations/backup/store/manifest.ts';
import { verifyDatabase } from '../../src/operations/backup/verify/index.ts';
import { backedUpServer, newIdentity } from './backed-up-server.ts';

const { database, inFolder, asSuperuser, brownie } = backedUpServer();

test('a role that row-level security binds makes no backup, and learns how to make one that it does not', async () => {
  for (const name of ['METADATA_POSTGRES_DSN', 'METADATA_POSTGRES_MIGRATION_DSN']) {
    const METADATA_BACKUP_DIR = inFolder('never');
    const refused = await brownie(['backup', 'create'], {
      METADATA_BACKUP_DSN: database().variables[name] ?? '',
      METADATA_BACKUP_DIR,
    });
    expect([refused.code, refused.stderr]).toEqual([
      4,
      expect.stringContaining('create role brownie_backup'),
    ]);
  }
  await expect(readdir(inFolder('never'))).rejects.toThrow('ENOENT');
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
  const newest =
    (await readdir(inFolder('backups')))
      .filter((name) => name.startsWith('backup_'))
      .toSorted()
      .at(-1) ?? '';
  const manifest = await readManifest(join(inFolder('backups'), newest, 'manifest.json'));
  await asSuperuser(`update teams set description = 'changed' where id = (select id from teams limit 1)`);
  const secrets = { METADATA_JWT_SECRET: database().variables['METADATA_JWT_SECRET'] ?? '' };
  const checks = await verifyDatabase(database().superuserDsn, manifest, secrets);
  expect(checks.filter(({ isOk }) => !isOk)).toEqual([
    {
      name: 'rows',
      isOk: false,
      detail: expect.stringMatching(/^public\.teams has \d+ rows, but not what was in them$/),
    },
  ]);
});

test('an encrypted backup is closed to who made it, and whole to who has the key', async () => {
  const METADATA_BACKUP_DIR = inFolder('encrypted');
  const identity = inFolder('identity.txt');
  const recipient = await newIdentity(identity);
  const withKey = { METADATA_BACKUP_DIR, METADATA_BACKUP_AGE_RECIPIENT: recipient };
  const bare = await brownie(['backup', 'create', '--role-passwords'], { METADATA_BACKUP_DIR });
  expect([bare.code, bare.stderr]).toEqual([4, expect.stringContaining('METADATA_BACKUP_AGE_RECIPIENT')]);
  expect((await brownie(['backup', 'create'], withKey)).code).toBe(0);

  const closed = await brownie(['backup', 'restore', '--into', 'never'], withKey);
  expect([closed.code, closed.stderr]).toEqual([
    4,
    expect.stringContaining('METADATA_BACKUP_AGE_IDENTITY_PATH'),
  ]);
  const other = inFolder('other.txt');
  await newIdentity(other);
  for (const [path, reason] of [
    [other, 'no identity matched'],
    [inFolder('nowhere.txt'), 'no such file'],
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

test('the drill restores the named backups, notes it, and fails where there are none', async () => {
  const before = await brownie(['drill', 'restore'], { METADATA_BACKUP_DIR: inFolder('empty') });
  expect([before.code, before.stdout]).toEqual([1, expect.stringContaining('There is no good backup')]);
  const drilled = await brownie(['drill', 'restore']);
  expect([drilled.code, drilled.stdout]).toEqual([0, expect.stringContaining('restore: passed')]);
  const state = JSON.parse(await readFile(join(inFolder('backups'), 'state.json'), 'utf8')) as object;
  expect(state).toMatchObject({
    restoreDrill: { rtoSeconds: expect.any(Number), rpoSeconds: expect.any(Number) },
  });
});

test('a database comes back with the locale that it had, and where it cannot that is said beforehand', async () => {
  await asSuperuser(
    `create database brownie_icu owner brownie_owner template template0
     locale_provider icu icu_locale 'de-DE' lc_collate 'C' lc_ctype 'C'`,
    `create database brownie_libc template template0 lc_collate 'C' lc_ctype 'C'`,
  );
  const icu = {
    METADATA_BACKUP_DIR: inFolder('icu'),
    METADATA_BACKUP_DSN: database().superuserDsn.replace(/brownie$/, 'brownie_icu'),
  };
  expect(await brownie(['backup', 'create'], icu)).toMatchObject({ code: 0, stderr: '' });
  await brownie(['backup', 'restore', '--into', 'icu_restored'], icu);
  const [made] = await asSuperuser(
    `select datlocprovider as provider, daticulocale as locale from pg_database where datname = 'icu_restored'`,
  );
  expect(made?.rows).toEqual([{ provider: 'i', locale: 'de-DE' }]);

  const dryRun = (...more: string[]) =>
    brownie(['backup', 'restore', '--into', 'brownie_libc', '--dry-run', ...more], icu);
  const refused = await dryRun();
  expect([refused.code, refused.stderr]).toEqual([
    4,
    expect.stringMatching(/libc, lc_collate C, .* the backup UTF8, ICU de-DE, /),
  ]);
  expect((await dryRun('--accept-locale')).code).toBe(0);

  const [name = ''] = (await readdir(inFolder('icu'))).filter((each) => each.startsWith('backup_'));
  const manifest = await readManifest(join(inFolder('icu'), name, 'manifest.json'));
  const examine = (changes: Partial<typeof manifest.database>) =>
    examineTarget(database().superuserDsn.replace(/brownie$/, 'brownie_new'), {
      ...manifest,
      database: { ...manifest.database, ...changes },
    });
  await expect(examine({ provider: 'c', collate: 'xx_XX.UTF-8', ctype: 'xx_XX.UTF-8' })).rejects.toThrow(
    /no such locale as the backup: .*could not create locale.*--accept-locale/,
  );
  const { provider, locale, icuRules, collationVersion, ...before } = manifest.database;
  expect([provider, locale, icuRules, collationVersion]).toEqual(['i', 'de-DE', null, expect.any(String)]);
  const { isNew } = await examineTarget(database().superuserDsn.replace(/brownie$/, 'brownie_new'), {
    ...manifest,
    database: before,
  });
  expect(isNew).toBe(true);
});
