import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownDatabase } from './own-database.ts';
import { brownie, startService, temporaryFolder } from './service-process.ts';

const passwordIn = (text: string): string => /Password {2}([a-z0-9-]{24}) /.exec(text)?.[1] ?? '';

test('commands work on the embedded database: beside a running service, and without one', async () => {
  await using folder = await temporaryFolder();
  const variables = { METADATA_DATA_DIR: join(folder.path, 'data') };
  const service = await startService(variables);
  const upToDate = await brownie(['migrate', '--status'], variables);
  expect(upToDate.stdout).toContain(' 0 pending.');
  const filled = await brownie(['demo', '--incidents', '20'], variables);
  expect([filled.code, filled.stderr]).toEqual([0, '']);
  const password = passwordIn(filled.stdout);
  const login = await fetch(`${service.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'maya.okafor@demo.example', password }),
  });
  expect(login.status).toBe(200);
  await service.end('SIGTERM');

  const file = join(variables.METADATA_DATA_DIR, 'demo-logins.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ password });
  const again = await brownie(['demo'], variables);
  expect(again.stdout).toContain('Brownie Demo is there already');
  expect(passwordIn(again.stdout)).toBe(password);
  const limits = await brownie(['limits', 'brownie-demo', '--max-teams', '12'], variables);
  expect(limits.stdout).toMatch(/--max-teams +10 -> 12 +\(6 in use\)/);
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
    [['backup', 'list'], 3, /stop the service, and copy METADATA_DATA_DIR/],
    [['incident', 'list'], 0, /There is no incident/],
  ] as const) {
    const finished = await brownie(command, variables);
    expect([command, finished.code, finished.stdout]).toEqual([command, code, expect.stringMatching(found)]);
  }
  expect(await readdir(folder.path)).toEqual([]);
});

test('in embedded mode no command for backups is named that would refuse', async () => {
  await using folder = await temporaryFolder();
  const variables = { METADATA_DATA_DIR: folder.path, METADATA_BACKUP_DIR: join(folder.path, 'backups') };
  const said = await Promise.all(
    [['list'], ['create'], ['verify', '--all']].map((rest) => brownie(['backup', ...rest], variables)),
  );
  expect(said.map(({ code }) => code)).toEqual([3, 4, 1]);
  for (const { stdout, stderr } of said) {
    expect(stdout + stderr).toContain('stop the service, and copy METADATA_DATA_DIR');
    expect(stdout + stderr).not.toContain('backup create');
  }
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
