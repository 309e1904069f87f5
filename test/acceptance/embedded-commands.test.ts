import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownDatabase } from './own-database.ts';
import { brownie, startService, temporaryFolder } from './service-process.ts';

const passwordIn = (text: string): string => /Password {2}([a-z0-9-]{24}) /.exec(text)?.[1] ?? '';

const logIn = async (url: string, password: string): Promise<Response> =>
  await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'maya.okafor@demo.example', password }),
  });

/** The titles of the newest incidents, and a way to add one, as somebody who logs in. */
async function incidentsAt(url: string, password: string) {
  const { access_token: token } = (await (await logIn(url, password)).json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const me = (await (await fetch(`${url}/api/v1/auth/me`, { headers })).json()) as { team_id: string };
  const address = `${url}/api/v1/teams/${me.team_id}/incidents`;
  return {
    async add(title: string): Promise<void> {
      const { status } = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ title }) });
      expect(status).toBe(200);
    },
    async titles(): Promise<string[]> {
      const page = (await (await fetch(`${address}?limit=100`, { headers })).json()) as {
        items: readonly { title: string }[];
      };
      return page.items.map(({ title }) => title);
    },
  };
}

test('commands work on the embedded database: beside a running service, and without one', async () => {
  await using folder = await temporaryFolder();
  const backups = join(folder.path, 'backups');
  const variables = { METADATA_DATA_DIR: join(folder.path, 'data'), METADATA_BACKUP_DIR: backups };
  const service = await startService(variables);
  const upToDate = await brownie(['migrate', '--status'], variables);
  expect(upToDate.stdout).toContain(' 0 pending.');
  const filled = await brownie(['demo', '--incidents', '20'], variables);
  expect([filled.code, filled.stderr]).toEqual([0, '']);
  const password = passwordIn(filled.stdout);

  const live = await incidentsAt(service.url, password);
  await live.add('before the backup');
  const during = async (): Promise<void> => {
    for (let count = 0; count < 10; count += 1) {
      await live.add(`during the backup ${count}`);
    }
  };
  const [made] = await Promise.all([brownie(['backup', 'create'], variables), during()]);
  expect([made.code, made.stderr]).toEqual([0, '']);
  await live.add('after the backup');
  const listed = await brownie(['backup', 'list'], variables);
  expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/^backup_\d{8}_\d{6} .* good\n$/)]);
  await service.end('SIGTERM');

  const file = join(variables.METADATA_DATA_DIR, 'demo-logins.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ password });
  const again = await brownie(['demo'], variables);
  expect(again.stdout).toContain('Brownie Demo is there already');
  expect(passwordIn(again.stdout)).toBe(password);
  const limits = await brownie(['limits', 'brownie-demo', '--max-teams', '12'], variables);
  expect(limits.stdout).toMatch(/--max-teams +10 -> 12 +\(6 in use\)/);

  await rm(variables.METADATA_DATA_DIR, { recursive: true });
  const into = join(folder.path, 'restored');
  const restored = await brownie(['backup', 'restore', '--into', into], variables);
  expect([restored.code, restored.stdout]).toEqual([0, expect.stringContaining(`METADATA_DATA_DIR=${into}`)]);
  expect(restored.stdout).toMatch(/ok +rows +\d+ rows in \d+ tables\n/);
  expect(restored.stdout).not.toMatch(/FAILED|LOOK/);
  await using second = await startService({ ...variables, METADATA_DATA_DIR: into });
  const titles = await (await incidentsAt(second.url, password)).titles();
  expect(titles).toContain('before the backup');
  expect(titles).not.toContain('after the backup');
});

test('a command without a database says where there is none, and makes nothing', async () => {
  await using folder = await temporaryFolder();
  const variables = { METADATA_DATA_DIR: join(folder.path, 'data') };
  for (const command of [
    ['maintenance', 'on', '--message', 'Stop'],
    ['maintenance', 'status'],
    ['jwt', 'status'],
    ['migrate', '--status'],
    ['migrate', '--dry-run'],
  ]) {
    const { code, stderr } = await brownie(command, variables);
    expect([command, code, stderr]).toEqual([
      command,
      1,
      expect.stringContaining(
        `there is no database in ${variables.METADATA_DATA_DIR}: run this with the environment of the service`,
      ),
    ]);
  }
  expect(await readdir(folder.path)).toEqual([]);
});

test('a command that looks says what it finds before the first start, and makes nothing', async () => {
  await using folder = await temporaryFolder();
  const variables = {
    METADATA_DATA_DIR: join(folder.path, 'data'),
    METADATA_BACKUP_DIR: join(folder.path, 'backups'),
    METADATA_INCIDENT_DIR: join(folder.path, 'incidents'),
  };
  for (const [command, code, found] of [
    [['config'], 0, /METADATA_JWT_SECRET +made at the first start +default/],
    [
      ['doctor'],
      1,
      new RegExp(`critical: database\\.connection\n.*no service has its data in ${folder.path}/data\n`),
    ],
    [['checklist', 'daily', '--url', 'http://127.0.0.1:9'], 1, /Check health endpoints/],
    [['backup', 'list'], 3, /`brownie backup create` makes one/],
    [['incident', 'list'], 0, /There is no incident/],
  ] as const) {
    const finished = await brownie(command, variables);
    expect([command, finished.code, finished.stdout]).toEqual([command, code, expect.stringMatching(found)]);
  }
  expect(await readdir(folder.path)).toEqual([]);
});

test('what holds the secret goes to S3 encrypted alone, and a backup of a folder goes into a new one', async () => {
  await using folder = await temporaryFolder();
  const variables = { METADATA_DATA_DIR: folder.path, METADATA_BACKUP_S3_URL: 's3://backups' };
  const refused = await brownie(['backup', 'create'], variables);
  expect([refused.code, refused.stderr]).toEqual([
    4,
    expect.stringContaining('set METADATA_BACKUP_AGE_RECIPIENT'),
  ]);
  const missing = await brownie(['backup', 'create', '--no-upload'], variables);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('there is no database in')]);
  expect(await readdir(folder.path)).toEqual([]);
});

test('a change of keys is refused where the secret of the service is not known', async () => {
  await using database = await ownDatabase({ isMigrated: true });
  await using folder = await temporaryFolder();
  const variables = { ...database.variables, METADATA_DATA_DIR: folder.path };
  const refused = await brownie(['jwt', 'stage'], { ...variables, METADATA_JWT_SECRET: '' });
  expect([refused.code, refused.stderr]).toEqual([
    4,
    expect.stringContaining('METADATA_JWT_SECRET is not set, and no service has kept one'),
  ]);
  expect(await readdir(folder.path)).toEqual([]);
});
