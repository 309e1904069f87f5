import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { writeAccess, writeOwnFiles } from './own-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-own-files-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const file = (name: string): string => join(directory, name);
const text = (name: string): Promise<string> => readFile(file(name), 'utf8');

test('what a cluster lacks is made, and what it has stays, behind the rule of the trial and after it', async () => {
  await writeFile(file('pg_hba.conf'), 'host all all 10.0.0.0/8 cert\n');
  await writeOwnFiles(directory, undefined);
  expect(await text('postgresql.conf')).toMatch(/^# Restored/);
  expect(await text('pg_hba.conf')).toBe('host all all 10.0.0.0/8 cert\n');
  expect(await text('pg_hba.restored.conf')).toBe('local all all trust\n');
  await writeAccess(directory);
  expect(await text('pg_hba.restored.conf')).toBe('local all all trust\nhost all all 10.0.0.0/8 cert\n');
});

test.each(['pg_hba.conf', 'postgresql.conf'])('a %s that cannot be read is left as it is', async (name) => {
  // @NOTE larger than can be read at once: root, too, cannot read it, and could overwrite it.
  const bytes = 2 ** 31;
  await writeFile(file(name), '');
  await truncate(file(name), bytes);
  await expect(writeOwnFiles(directory, undefined)).rejects.toThrow(OperationError);
  await expect(writeOwnFiles(directory, undefined)).rejects.toThrow(`${file(name)} cannot be read`);
  expect((await stat(file(name))).size).toBe(bytes);
});
