import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram } from './program.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-program-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const start = (command: string, args: readonly string[] = []) =>
  startProgram({ command, args, directory, isReady: async () => false });

test('a program that is not there is told with what installs it', async () => {
  await expect(start('brownie-no-such-program')).rejects.toThrow('scripts/install-debian-packages');
});

test('a program that ends is told with the end of what it said', async () => {
  await expect(start('sh', ['-c', 'echo the port is taken; exit 3'])).rejects.toThrow(
    /sh ended \(3\)[\s\S]*the port is taken/,
  );
});
