import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../acceptance/service-process.ts';

const program = join(import.meta.dirname, '../../src/bin/brownie.ts');
const serve = `exec '${process.execPath}' '${program}' serve`;

/** The service on a terminal, which util-linux's `script` makes. What is written to its standard input is typed. */
function onTerminal(variables: Record<string, string>) {
  const child = spawn('script', ['--quiet', '--return', '--command', serve, '/dev/null'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      METADATA_PORT: '0',
      NO_COLOR: '1',
      ...variables,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const until = (words: string) =>
    vi.waitFor(() => expect(output).toContain(words), { timeout: 120_000, interval: 20 });
  return {
    child,
    until,
    ended,
    output: () => output,
    /** Hangs up where a failed test has left it: the service ends with its terminal. */
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
      }
      await ended;
    },
  };
}

test('on a terminal the log is for people, and Ctrl-C stops the service', async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  await using terminal = onTerminal({ METADATA_DATA_DIR: data });
  await terminal.until('Sign up:');
  for (const words of ['/docs', 'curl -s', data, 'Ctrl-C']) {
    expect(terminal.output()).toContain(words);
  }
  expect(terminal.output()).not.toContain('{"level"');
  const [, url = ''] = /running at (http:\S+)/.exec(terminal.output()) ?? [];
  await fetch(`${url}/api/v1/auth/me`, { headers: { 'x-request-id': 'a-request' } });
  await terminal.until('request_id=a-request');
  expect(terminal.output()).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO: request served endpoint=\S+ method=GET status_code=401 .*request_id=a-request .*\r$/m,
  );
  terminal.child.stdin.write('\u0003');
  await terminal.until('service is stopping');
  expect(await terminal.ended).toBe(0);
});

test('a fault is told in plain words there', async () => {
  await using terminal = onTerminal({ METADATA_PORT: 'eighty' });
  expect(await terminal.ended).toBe(1);
  expect(terminal.output().trim()).toMatch(/^METADATA_PORT: "eighty" .*$/);
});

test('a terminal that hangs up takes the service with it', async () => {
  await using folder = await temporaryFolder();
  await using terminal = onTerminal({ METADATA_DATA_DIR: join(folder.path, 'data') });
  await terminal.until('Sign up:');
  const [, url = ''] = /running at (http:\S+)/.exec(terminal.output()) ?? [];
  terminal.child.kill('SIGKILL');
  await expect.poll(() => fetch(`${url}/health/live`).catch(({ cause }) => cause.code)).toBe('ECONNREFUSED');
});
