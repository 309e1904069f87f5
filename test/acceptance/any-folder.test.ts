import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCheckout } from '../harness/checkout.ts';
import { temporaryFolder } from './service-process.ts';

const run = promisify(execFile);
const home = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
const signup = {
  email: 'ada@example.com',
  username: 'ada',
  password: 'correct-horse-battery-staple',
  organization_name: 'Acme',
  team_name: 'Platform',
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let checkout: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  checkout = join(folder.path, 'Mein Ordner – プロジェクト');
  await makeCheckout(checkout);
});
afterAll(() => folder[Symbol.asyncDispose]());

test('npm start serves from a folder of any name', async () => {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: checkout,
    env: { ...home, METADATA_PORT: '0', METADATA_DRAIN_SECONDS: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  try {
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        lines.push(line);
        const [, address] = /"url":"(http:[^"]+)","message":"service started"/.exec(line) ?? [];
        if (address !== undefined) {
          resolve(address);
        }
      });
      createInterface(child.stderr).on('line', (line) => lines.push(line));
      ended.then(() => reject(new Error(`the service ended:\n${lines.join('\n')}`)));
    });
    const reply = await fetch(`${url}/api/v1/auth/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(signup),
    });
    expect(reply.ok).toBe(true);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  expect(lines.join('\n')).toContain(join(checkout, '.brownie'));
});

test('bin/brownie is a program: from any folder, through a link, beneath another program, with its exit codes', async () => {
  const link = join(folder.path, 'brownie');
  await symlink(join(checkout, 'bin/brownie'), link);
  const { stdout } = await run('timeout', ['60', link, '--help'], { cwd: '/', env: home });
  expect(stdout).toMatch(/^Usage: brownie /);
  await expect(
    run('brownie', ['incident', 'show', 'no such "one"'], {
      cwd: folder.path,
      env: { ...home, PATH: `${join(checkout, 'bin')}:${home.PATH}` },
    }),
  ).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^There is no incident "no such "one"" in [^\n]*\n$/),
  });
});
