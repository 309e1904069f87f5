import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startService, temporaryFolder } from '../acceptance/service-process.ts';
import { signUp } from '../acceptance/sign-up.ts';

const program = join(import.meta.dirname, '../../bin/brownie.cjs');
const serve = `exec '${process.execPath}' '${program}' serve`;

/** The service on a terminal, which util-linux's `script` makes. What is written to its standard input is typed. */
function onTerminal(variables: Record<string, string>) {
  const child = spawn('script', ['--quiet', '--return', '--command', serve, '/dev/null'], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TERM: 'xterm-256color',
      METADATA_PORT: '0',
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
  await using terminal = onTerminal({ METADATA_DATA_DIR: data, NO_COLOR: '1' });
  await terminal.until('Sign up:');
  for (const words of ['/docs', 'curl -s', data, 'Ctrl-C', 'npm run demo']) {
    expect(terminal.output()).toContain(words);
  }
  expect(terminal.output()).not.toContain('{"level"');
  const [, url = ''] = /running at (http:\S+)/.exec(terminal.output()) ?? [];
  await fetch(`${url}/api/v1/auth/me`, { headers: { 'x-request-id': 'a-request' } });
  await terminal.until(' a-request');
  expect(terminal.output()).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO: GET \S+ 401 \S+ ms auth.unauthenticated a-request .*\r$/m,
  );
  terminal.child.stdin.write('\u0003');
  await terminal.until('service is stopping');
  expect(await terminal.ended).toBe(0);
  const lines = terminal.output().split('\r\n');
  expect(lines.filter((line) => /migration/.test(line))).toEqual([
    expect.stringMatching(/ INFO: \d+ migrations applied in \S+ s, up to \d{4}-/),
  ]);
  expect(lines.filter((line) => / ms /.test(line) && line.length > 120)).toEqual([]);
});

test('levels have their words of the operations guide and a color, and who has signed up is asked to log in', async () => {
  await using folder = await temporaryFolder();
  // A secret that is worth a warning.
  const variables = { METADATA_DATA_DIR: join(folder.path, 'data'), METADATA_JWT_SECRET: 'short' };
  {
    await using first = await startService(variables);
    await signUp(first.url);
    await first.end('SIGTERM');
  }
  await using terminal = onTerminal(variables);
  await terminal.until('Log in');
  expect(terminal.output()).not.toMatch(/Sign up|USERLVL/);
  expect(terminal.output()).toContain(' \u001b[33mWARNING\u001b[39m: METADATA_JWT_SECRET');
  expect(terminal.output()).toContain(' \u001b[32mINFO\u001b[39m: service started');
  terminal.child.stdin.write('\u0003');
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
