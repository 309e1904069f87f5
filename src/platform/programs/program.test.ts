import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startProgram } from './program.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-program-'));
});
afterEach(() => vi.unstubAllEnvs());
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

test('a program sees nothing of the environment of the service', async () => {
  vi.stubEnv('METADATA_JWT_SECRET', 'canary');
  const said = await start('env').catch((error: Error) => error.message);
  expect(said).toMatch(/^env ended \(0\)\n[\s\S]*PATH=/);
  expect(said).not.toContain('canary');
});
