import { mkdtemp, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checksumFaults, sealFolder } from './checksums.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brownie-checksums-'));
  await writeFile(join(folder, 'database.dump'), 'rows');
  await writeFile(join(folder, 'manifest.json'), '{}');
  await sealFolder(folder);
});
afterEach(() => rm(folder, { recursive: true }));

test('a sealed folder is what it was', async () => {
  expect(await checksumFaults(folder)).toEqual([]);
});

test('a changed and a missing file are told apart', async () => {
  await writeFile(join(folder, 'database.dump'), 'rowz');
  await unlink(join(folder, 'manifest.json'));
  expect(await checksumFaults(folder)).toEqual([
    'database.dump was changed since it was written',
    'manifest.json cannot be read',
  ]);
});

test('checksums that are gone or damaged vouch for nothing', async () => {
  await writeFile(join(folder, 'SHA256SUMS'), 'rubbish\n');
  expect(await checksumFaults(folder)).toEqual(['SHA256SUMS is damaged']);
  await truncate(join(folder, 'SHA256SUMS'));
  expect(await checksumFaults(folder)).toEqual(['SHA256SUMS is missing or empty']);
});
