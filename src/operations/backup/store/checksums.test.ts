import { mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises';
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

test.each([
  ['empty', ''],
  ['cut at the end of a line', 'a row\n'],
])('a file that is %s is told', async (_, left) => {
  await writeFile(join(folder, 'more.dump'), 'a row\nanother row\n');
  await unlink(join(folder, 'SHA256SUMS'));
  await sealFolder(folder);
  await writeFile(join(folder, 'more.dump'), left);
  expect(await checksumFaults(folder)).toEqual(['more.dump was changed since it was written']);
});

test('a file that nothing vouches for is told: one that came later, or checksums cut at the end of a line', async () => {
  await writeFile(join(folder, 'later.dump'), 'rows');
  expect(await checksumFaults(folder)).toEqual(['later.dump is not among those of SHA256SUMS']);
  await unlink(join(folder, 'later.dump'));
  const [first] = (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).split('\n');
  await writeFile(join(folder, 'SHA256SUMS'), `${first}\n`);
  expect(await checksumFaults(folder)).toEqual(['manifest.json is not among those of SHA256SUMS']);
});

test('checksums that are gone or damaged vouch for nothing', async () => {
  await writeFile(join(folder, 'SHA256SUMS'), 'rubbish\n');
  expect(await checksumFaults(folder)).toContain('SHA256SUMS is damaged');
  await truncate(join(folder, 'SHA256SUMS'));
  expect(await checksumFaults(folder)).toEqual(['SHA256SUMS is missing or empty']);
});
