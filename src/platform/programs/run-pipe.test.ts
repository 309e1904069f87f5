import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runPipe } from './run-pipe.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brownie-pipe-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});
const sh = (script: string) => ({ program: 'sh', args: ['-c', script] });

test('what the last program wrote is the answer, or the content of a file of our own', async () => {
  expect(await runPipe([sh('seq 3'), sh('tail -n 1')])).toBe('3\n');
  const file = join(folder, 'out');
  await runPipe([sh('seq 100000'), sh('cat')], file);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(100_001);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a reader that has seen enough does not make the writer fail, and does not hide that it failed', async () => {
  expect(await runPipe([sh('seq 1000000'), sh('head -n 1')])).toBe('1\n');
  await expect(runPipe([sh('seq 1000000; exit 3'), sh('head -n 1')])).rejects.toThrow('sh ended with 3');
});

test.each([
  [
    'the first',
    [sh('seq 1000000; echo >&2 "error: half"; exit 3'), sh('cat')],
    'sh ended with 3: error: half',
  ],
  ['the last', [sh('exec yes'), sh('read line; exit 4')], 'sh ended with 4'],
  ['one that is killed', [sh('echo rows; kill -9 $$'), sh('cat')], 'sh ended with SIGKILL'],
])('%s that fails fails the whole, and none is left', async (_which, steps, reason) => {
  await expect(runPipe(steps, join(folder, 'out'))).rejects.toThrow(reason);
});

test('a file that is there is not written over', async () => {
  await writeFile(join(folder, 'out'), 'kept');
  await expect(runPipe([sh('echo new')], join(folder, 'out'))).rejects.toThrow('EEXIST');
  expect(await readFile(join(folder, 'out'), 'utf8')).toBe('kept');
});

test('a program that is not installed is named', async () => {
  await expect(runPipe([{ program: 'no-such-program', args: [] }])).rejects.toThrow(
    'no-such-program is not installed',
  );
});

test('programs see nothing of the environment of the service', async () => {
  vi.stubEnv('METADATA_CANARY', 'canary');
  expect(await runPipe([sh('env')])).not.toContain('canary');
});
