import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { logLines, temporaryFolder } from './service-process.ts';

const root = new URL('../../', import.meta.url).pathname;
const home = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

test('npm start --silent writes JSON lines and nothing else, on both streams', async () => {
  await using folder = await temporaryFolder();
  const variables = { METADATA_DATA_DIR: folder.path, METADATA_PORT: '0', METADATA_DRAIN_SECONDS: '0' };
  const child = spawn('npm', ['start', '--silent'], { cwd: root, env: { ...home, ...variables } });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  try {
    await vi.waitFor(() => expect(output).toContain('service started'), { timeout: 30_000, interval: 20 });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  const messages = logLines(output).map(({ message }) => message);
  expect(messages[0]).toContain('made a new PostgreSQL');
  expect(messages.at(-1)).toContain('service stopped');
});

test('`brownie` of the documents is the alias that the README gives, with arguments and exit codes', async () => {
  const [alias = ''] = /^alias brownie=.*$/m.exec(await readFile(`${root}README.md`, 'utf8')) ?? [];
  expect(await readFile(`${root}docs/operations.md`, 'utf8')).toContain(`\`${alias}\``);
  const script = `shopt -s expand_aliases\n${alias}\nbrownie incident show 'no such "one"'`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    cwd: root,
    env: home,
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^There is no incident "no such "one"" in [^\n]*\n$/);
});
