import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
}, 90_000);

test('a command that changes the service refuses where there is no database, and makes none', async () => {
  await using folder = await temporaryFolder();
  const variables = { METADATA_DATA_DIR: folder.path };
  for (const command of [
    ['maintenance', 'on', '--message', 'Stop'],
    ['maintenance', 'status'],
    ['jwt', 'status'],
  ]) {
    const { code, stderr } = await brownie(command, variables);
    expect([command, code, stderr]).toEqual([
      command,
      1,
      expect.stringContaining(
        `there is no database in ${folder.path}: run this with the environment of the service`,
      ),
    ]);
  }
  expect(await readdir(folder.path)).not.toContain('postgres');
});
