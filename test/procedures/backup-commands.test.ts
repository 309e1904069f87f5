import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { examineTarget } from '../../src/operations/backup/restore/restore-target.ts';
import { readManifest } from '../../src/operations/backup/store/manifest.ts';
import { verifyDatabase } from '../../src/operations/backup/verify/index.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';
import { backedUpServer, newIdentity } from './backed-up-server.ts';
import { byTheDocument } from './by-the-document.ts';

const server = backedUpServer();
const { database, inFolder, asRole, asSuperuser, brownie } = server;
const document = byTheDocument(server);

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

/** What a database knows of logins, and what the trails of its organizations say of a restore. */
const credentialsIn = async (name: string) => {
  const client = new pg.Client({ connectionString: document.dsnOf(name) });
  await client.connect();
  const { rows } = await client.query(
    `select epoch, unbound_until = '-infinity' as takes_no_unbound, (select count(*)::int from sessions) as sessions,
            (select count(*)::int from organizations) as organizations,
            (select count(distinct org_id)::int from audit_events where action = 'organization.restored') as told
     from credential_epoch`,
  );
  await client.end();
  return rows[0];
};

test('a role for backups makes one, the files are its own, and it comes back row for row beside the live one', async () => {
  await asSuperuser(
    `insert into sessions (org_id, id, user_id, generation, epoch, method, expires_at)
     select m.org_id, gen_random_uuid(), m.user_id, 0, e.epoch, 'password', now() + interval '1 hour'
     from organization_memberships m, credential_epoch e limit 1`,
  );
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
  const [was, is] = [await credentialsIn('brownie'), await credentialsIn('brownie_restored')];
  expect(was).toMatchObject({ takes_no_unbound: false, sessions: 1, told: 0 });
  expect(is).toMatchObject({ takes_no_unbound: true, sessions: 0, told: was.organizations });
  expect(is.epoch).not.toBe(was.epoch);
  await asSuperuser('delete from sessions');
  const again = await brownie(['backup', 'restore', name, '--into', 'brownie_restored']);
  expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('not empty')]);
  const [live] = await asSuperuser('select count(*)::int as incidents from incidents');
  expect(live?.rows).toEqual([{ incidents: 300 }]);
});

describe('rows are copied back as the procedure says, beside what was written since', () => {
  const named = "export LIVE='";
  const add = 'psql "$LIVE" -f deploy/postgres/rows-back.sql';
  const one = `(select id from incidents where title <> 'since' order by id limit 1)`;
  const lose = (...statements: string[]) =>
    asSuperuser('set session_replication_role = replica', ...statements);
  const event = (id: string) =>
    `insert into incident_events (org_id, incident_id, id, type, comment)
     select org_id, id, '018bcfe5-0000-7000-8000-0000000000${id}', 'commented', 'since' from incidents where id = ${one}`;
  const inCopy = () => document.rowsOf('brownie_restored');
  const live = () => document.rowsOf('brownie');

  test('a table', async () => {
    await lose('delete from incident_events', event('01'));
    expect(await document.run([named, '--table=incident_events --file', add])).toContain('INSERT 0 ');
    const [before, after] = [await inCopy(), await live()];
    expect(after['incident_events']).toEqual(expect.arrayContaining(before['incident_events'] ?? []));
    expect(after['incident_events']).toHaveLength((before['incident_events']?.length ?? 0) + 1);
    await asSuperuser(`delete from incident_events where comment = 'since'`);
    expect(await live()).toEqual(before);
  });

  test('an organization', async () => {
    const mine = `org_id = (select id from organizations where slug = 'brownie-demo')`;
    const before = await inCopy();
    const tables = Object.keys(before).filter((table) => table !== 'organizations');
    await lose(
      `insert into organizations (id, name, slug) values ('018bcfe5-0000-7000-8000-000000000002', 'Since', 'since')`,
      ...tables.map((table) => `delete from ${table} where ${mine}`),
      `delete from organizations where slug = 'brownie-demo'`,
    );
    expect((await live())['users']).toEqual([]);
    await document.run([named, 'export ORGANIZATION=$(psql "$COPY" -XAtc "select id', add]);
    await asSuperuser(`delete from organizations where slug = 'since'`);
    expect(await live()).toEqual(before);
  });

  test('an incident', async () => {
    const [found] = await asSuperuser(`select id from incidents where id = ${one}`);
    const id = String(found?.rows[0]?.id);
    await lose(
      `delete from incident_events where incident_id = '${id}'`,
      `delete from audit_events where resource_id = '${id}'`,
      `delete from incidents where id = '${id}'`,
      `update incidents set title = 'since' where id = ${one}`,
    );
    const since = await live();
    const changed = { '018bcfe5-0000-7000-8000-000000000000': id };
    await document.run([named, 'create policy one on incidents', add], changed);
    const after = await live();
    expect(after['incidents']).toHaveLength((since['incidents']?.length ?? 0) + 1);
    expect(after['incidents']).toEqual(expect.arrayContaining(since['incidents'] ?? []));
    const before = await inCopy();
    expect({ ...after, incidents: [] }).toEqual({ ...before, incidents: [] });
    expect(await document.run([named, 'create schema restored'])).toContain('UPDATE 1\n');
    const [left] = await asSuperuser(`select id from incidents where title = 'since'`);
    expect(left?.rows).toEqual([]);
  });
});

test('one file a day by pg_dump, as the role for backups, and back: with the counts that only some roles see', async () => {
  const backups = inFolder('by-hand');
  await promisify(execFile)('mkdir', [backups]);
  await document.run(['export METADATA_POSTGRES_DSN=$METADATA_BACKUP_DSN'], { '/backups': backups });
  const [file = '', ...others] = await readdir(backups);
  expect([file, others]).toEqual([expect.stringMatching(/^backup_\d{8}_\d{6}\.sql\.gz$/), []]);
  const [users] = await asSuperuser('select count(*) from users');
  const counted = await document.run(['gunzip -t'], {
    '/backups/backup_20251024_120000.sql.gz': join(backups, file),
    brownie_restored: 'brownie_by_hand',
  });
  expect(counted).toMatch(new RegExp(`^ +${users?.rows[0]?.count}$`, 'm'));
  expect(await document.rowsOf('brownie_by_hand')).toEqual(await document.rowsOf('brownie'));

  const asOwner = database().variables['METADATA_POSTGRES_MIGRATION_DSN'] ?? '';
  const count = (dsn: string) =>
    promisify(execFile)('psql', [dsn, '-XAtc', 'SELECT COUNT(*) FROM users;']).then(({ stdout }) =>
      stdout.trim(),
    );
  expect(await count(asRole('brownie_backup:canary-backup'))).toBe(users?.rows[0]?.count);
  expect(await Promise.all([count(database().serviceDsn), count(asOwner)])).toEqual(['0', '0']);
  await expect(promisify(execFile)('pg_dump', [asOwner])).rejects.toThrow('row-level security');
});

test('a changed value in a restored row is told, with its table', async () => {
  await brownie(['backup', 'create']);
  const newest =
    (await readdir(inFolder('backups')))
      .filter((name) => name.startsWith('backup_'))
      .toSorted()
      .at(-1) ?? '';
  const manifest = await readManifest(join(inFolder('backups'), newest, 'manifest.json'));
  // What tells the service of the backup was written after it.
  await asSuperuser('delete from operator_events where id = (select max(id) from operator_events)');
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

test('a backup of the embedded database is encrypted, too, and restored into a folder to verify it', async () => {
  // @NOTE as root, PostgreSQL runs without root's right to enter the folders of others: not in that of the server.
  await using folder = await temporaryFolder();
  const identity = join(folder.path, 'identity.txt');
  const variables = {
    ...{ METADATA_POSTGRES_DSN: '', METADATA_POSTGRES_MIGRATION_DSN: '', METADATA_JWT_SECRET: '' },
    ...{ METADATA_BACKUP_DSN: '', METADATA_BACKUP_RESTORE_DSN: '' },
    METADATA_DATA_DIR: join(folder.path, 'data'),
    METADATA_BACKUP_DIR: join(folder.path, 'backups'),
    METADATA_BACKUP_AGE_RECIPIENT: await newIdentity(identity),
  };
  expect((await brownie(['migrate'], variables)).code).toBe(0);
  expect(await brownie(['backup', 'create', '--dry-run'], variables)).toMatchObject({ code: 0, stderr: '' });
  const made = await brownie(['backup', 'create', '--json'], variables);
  const { path } = JSON.parse(made.stdout) as { path: string };
  expect(await readdir(path)).toEqual(['SHA256SUMS', 'folder.tar.gz.age', 'manifest.json']);
  const closed = await brownie(['backup', 'restore', '--into', join(folder.path, 'never')], variables);
  expect([closed.code, closed.stderr]).toEqual([4, expect.stringContaining('IDENTITY_PATH')]);
  const opened = { ...variables, METADATA_BACKUP_AGE_IDENTITY_PATH: identity };
  const tried = await brownie(['backup', 'verify', '--restore'], opened);
  expect([tried.code, tried.stdout]).toEqual([
    0,
    expect.stringMatching(/ok +rows +\d+ rows in \d+ tables\n/),
  ]);
  const drilled = await brownie(['drill', 'restore'], opened);
  expect([drilled.code, drilled.stdout]).toEqual([1, expect.stringContaining('goes into a folder')]);
});

test('the drill restores the named backups, notes it, and fails where there are none', async () => {
  const record = inFolder('record');
  const drill = ['drill', 'restore', '--record', record];
  const before = await brownie(drill, { METADATA_BACKUP_DIR: inFolder('empty') });
  expect([before.code, before.stdout]).toEqual([1, expect.stringContaining('There is no good backup')]);
  expect(await readFile(join(record, 'drills.md'), 'utf8')).toContain('| restore | not recorded yet |');
  const drilled = await brownie(drill);
  expect([drilled.code, drilled.stdout]).toEqual([0, expect.stringContaining('restore: passed')]);
  expect(await readFile(join(record, 'drills.md'), 'utf8')).toContain('| [restore](#restore) | 20');
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
