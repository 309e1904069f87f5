import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import { preload } from './log-scenario.ts';
import { program, temporaryFolder } from './service-process.ts';

const hostile = preload(
  "process.on('SIGQUIT', () => setImmediate(() => { throw new Error('nobody catches me') }));",
);

/** The service with its standard output on a file descriptor. */
async function startOn(stdout: number, dataDirectory: string) {
  const port = await freePort();
  const child = spawn(process.execPath, [program, 'serve'], {
    stdio: ['ignore', stdout, 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      METADATA_PORT: String(port),
      METADATA_DRAIN_SECONDS: '0',
      METADATA_DATA_DIR: dataDirectory,
      NODE_OPTIONS: hostile,
    },
  });
  const ended = new Promise<unknown>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string): Promise<Response> => await fetch(`${url}${path}`);
  await expect
    .poll(() =>
      ask('/health/ready').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200);
  return {
    stderr: () => stderr,
    /** Its answers to many requests at once. */
    async load(requests: number): Promise<readonly number[]> {
      const replies = Array.from({ length: requests }, async () => {
        const reply = await ask('/api/v1/auth/me');
        await reply.arrayBuffer();
        return reply.status;
      });
      return [...new Set(await Promise.all(replies))];
    },
    async metric(name: string): Promise<number> {
      const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await ask('/metrics')).text()) ?? [];
      return Number(value);
    },
    end: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
      }
      await ended;
    },
  };
}

/** What can be read from a pipe at this moment. */
function read(pipe: number): string {
  const buffer = Buffer.alloc(1024 * 1024);
  try {
    return buffer.toString('utf8', 0, readSync(pipe, buffer));
  } catch {
    return '';
  }
}

test('with a full disk, a reader that sleeps or one that is gone, the service serves, says so, and ends when it is told to', async () => {
  await using folder = await temporaryFolder();
  const data = join(folder.path, 'data');

  const full = openSync('/dev/full', constants.O_WRONLY);
  {
    await using service = await startOn(full, data);
    expect(await service.load(200)).toEqual([401]);
    await expect.poll(() => service.metric('log_write_errors_total')).toBeGreaterThan(1);
    expect(service.stderr()).toContain('the log cannot be written (ENOSPC): the service goes on');
    expect(await service.end('SIGQUIT')).toEqual({ code: 1, signal: null });
    expect(service.stderr()).toContain('nobody catches me');
  }

  const fifo = join(folder.path, 'log');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  await using service = await startOn(openSync(fifo, constants.O_WRONLY), data);
  // @NOTE more than a pipe holds, which is 64 KiB.
  expect(await service.load(400)).toEqual([401]);
  expect(await service.metric('log_write_errors_total')).toBe(0);
  closeSync(reader);
  await expect.poll(() => service.metric('log_write_errors_total')).toBeGreaterThan(0);
  expect(await service.load(200)).toEqual([401]);
  expect(service.stderr()).toContain('the log cannot be written (EPIPE)');

  const again = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  let log = '';
  await expect
    .poll(() => {
      log += read(again);
      return log;
    })
    .toContain('the log could not be written, and can again');
  expect(log.split('\n').filter((line) => line.includes('request served')).length).toBeGreaterThan(500);
  closeSync(again);
  expect(await service.load(200)).toEqual([401]);
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
