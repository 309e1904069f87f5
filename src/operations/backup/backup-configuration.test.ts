import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backupConfiguration } from './backup-configuration.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brownie-configuration-'));
});
afterEach(() => rm(folder, { recursive: true }));
const now = new Date('2025-10-24T23:30:00Z');

test('what is there is copied, readable by its owner alone, and nothing is left beside it', async () => {
  await writeFile(join(folder, '.env'), 'METADATA_JWT_SECRET=first');
  await chmod(join(folder, '.env'), 0o644);
  await writeFile(join(folder, 'docker-compose.yml'), 'services: {}');
  expect(await backupConfiguration(folder, { now })).toEqual([
    join(folder, '.env.backup.20251024'),
    join(folder, 'docker-compose.yml.backup.20251024'),
  ]);

  await writeFile(join(folder, '.env'), 'METADATA_JWT_SECRET=second');
  await backupConfiguration(folder, { now });
  const copy = join(folder, '.env.backup.20251024');
  expect(await readFile(copy, 'utf8')).toBe('METADATA_JWT_SECRET=second');
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).filter((name) => name.includes('.tmp'))).toEqual([]);
});

test('nothing to copy is no success', async () => {
  await expect(backupConfiguration(folder, { now })).rejects.toThrow('no configuration');
});
