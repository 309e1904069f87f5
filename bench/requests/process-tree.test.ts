import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { cpuMicroseconds, forgetPeaks, peakResidentBytes } from './process-tree.ts';

const start = (script: string) => {
  const child = spawn('bash', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, pid: child.pid ?? 0, said: () => once(child.stdout, 'data') };
};

test('the CPU time of a tree counts children that run and those that have ended', async () => {
  const spin = 'for ((i = 0; i < 60000; i++)); do :; done';
  const { child, pid, said } = start(`(${spin}); echo ended; (${spin}; echo runs; read -r line); true`);
  await said();
  const ofOne = await cpuMicroseconds(pid);
  await said();
  const ofBoth = await cpuMicroseconds(pid);
  child.kill();
  expect(ofOne).toBeGreaterThan(0);
  expect(ofBoth).toBeGreaterThan(ofOne);
});

test('a peak of memory is forgotten', async () => {
  const { child, pid, said } = start(`printf -v much '%60000000s'; unset much; echo freed; read -r line`);
  await said();
  const peak = await peakResidentBytes(pid);
  await forgetPeaks(pid);
  expect(peak - (await peakResidentBytes(pid))).toBeGreaterThan(40_000_000);
  child.kill();
});

test('a process that is gone has used nothing', async () => {
  expect(await cpuMicroseconds(2 ** 22 + 1)).toBe(0);
});
