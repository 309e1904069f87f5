import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drills } from '../../src/drills/index.ts';
import { temporaryFolder } from '../acceptance/service-process.ts';

test.each(Object.keys(drills))('%s', { timeout: 600_000 }, async (name) => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'report.json');
  const printed = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      ['bin/brownie.cjs', 'drill', name, '--report', file],
      { maxBuffer: 50_000_000 },
      (_error, stdout, stderr) => resolve(`${stderr}${stdout}`),
    );
  });
  process.stdout.write(printed);
  const report = await readFile(file, 'utf8').then(JSON.parse, () => printed);
  expect(report).toMatchObject({ is_passed: true, drills: [{ drill: name, faults: [] }] });
});
