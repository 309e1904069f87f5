import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { launch } from './launch.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-launch-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});
const start = (script: string) => launch('/bin/sh', ['-c', script], { logFile: join(directory, 'log') });
const says = (text: string) => async () => (await readFile(join(directory, 'log'), 'utf8')).includes(text);

test('one that ends is told from one that is ready and from one that is late', async () => {
  const ready = await start('echo ready; exec sleep 600');
  expect(await ready.untilReady(says('ready'), 20_000)).toBe('ready');
  expect(await ready.untilReady(async () => false, 0)).toBe('late');
  expect(ready.ending).toBeUndefined();
  expect(await ready.end('SIGTERM')).toEqual({ code: null, signal: 'SIGTERM' });
  expect(await ready.untilReady(says('ready'), 20_000)).toBe('ended');
  expect(ready.ending).toEqual({ code: null, signal: 'SIGTERM' });
});

test('one that does not heed a signal gets the next one', async () => {
  const stubborn = await start(`trap '' TERM; echo ready; while :; do sleep 0.1; done`);
  await stubborn.untilReady(says('ready'), 20_000);
  expect(await stubborn.end('SIGTERM', { signal: 'SIGKILL', afterMs: 100 })).toEqual({
    code: null,
    signal: 'SIGKILL',
  });
});

test('what it writes is kept over starts, and nothing of the environment of the service reaches it', async () => {
  vi.stubEnv('METADATA_JWT_SECRET', 'canary');
  await (await start('echo first')).ended;
  const second = await start('env; echo >&2 second');
  await second.ended;
  expect(await second.logTail()).toMatch(/^first\n[\s\S]*second\n$/);
  expect(await second.logTail()).not.toContain('canary');
});

test('one that is not there rejects with the system error', async () => {
  const started = launch('/no/such/program', [], { logFile: join(directory, 'log') });
  await expect(started).rejects.toThrow('ENOENT');
});
