import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { childrenOf, isRunning } from './processes.ts';

test.runIf(process.platform === 'linux')('children are known by name until they have ended', async () => {
  const child = spawn('sleep', ['600']);
  await once(child, 'spawn');
  const { pid = 0 } = child;
  await expect
    .poll(() => childrenOf(process.pid))
    .toContainEqual({ pid, parent: process.pid, name: 'sleep', isRunning: true });
  expect(await isRunning(pid)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await isRunning(pid)).toBe(false);
  expect((await childrenOf(process.pid)).map((each) => each.pid)).not.toContain(pid);
});
