import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastLines, logSize, rotateLog } from './server-log.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

test('a log of more than 10 MB is moved aside, over the one before', async () => {
  await using folder = await temporaryFolder();
  const log = join(folder.path, 'postgres.log');
  await rotateLog(log);
  await writeFile(log, 'short');
  await rotateLog(log);
  expect(await logSize(log)).toBe(5);
  for (const _ of [1, 2]) {
    await writeFile(log, Buffer.alloc(10 * 1024 * 1024 + 1));
    await rotateLog(log);
    expect(await readdir(folder.path)).toEqual(['postgres.log.1']);
  }
});

test('the last lines are those after the offset, without time stamp and application', async () => {
  await using folder = await temporaryFolder();
  const log = join(folder.path, 'postgres.log');
  const lines = [
    ['', 'one'],
    ['brownie/trace-1', 'two'],
    ['[unknown]', 'three'],
  ].map(([name, word]) => `2026-01-02 03:04:05.678 UTC ${name} [9] LOG:  ${word}\n`);
  await writeFile(log, lines.join(''));
  expect(await lastLines(log, lines[0]?.length ?? 0)).toEqual(['LOG:  two', 'LOG:  three']);
  expect(await lastLines(log, 0, 1)).toEqual(['LOG:  three']);
  await writeFile(log, `${'x'.repeat(9000)}\nlast\n`);
  expect(await lastLines(log, 0, 1)).toEqual(['last']);
});
