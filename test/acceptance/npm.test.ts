import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { logLines, temporaryFolder } from './service-process.ts';

const root = join(import.meta.dirname, '../../');
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
    await vi.waitFor(() => expect(output).toContain('service started'), { timeout: 120_000, interval: 20 });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
  const messages = logLines(output).map(({ message }) => message);
  expect(messages[0]).toContain('made a new PostgreSQL');
  expect(messages.at(-1)).toContain('service stopped');
});
