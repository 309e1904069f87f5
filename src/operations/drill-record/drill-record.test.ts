import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DrillPass } from './drill-pass.ts';
import { keepPasses, readRecord } from './drill-record.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'brownie-record-'));
});
afterEach(() => rm(folder, { recursive: true }));

const pass = (drill: string, passedAt: string): DrillPass => ({
  drill,
  passedAt,
  version: '1.0.0',
  isFull: false,
  seconds: 12.3,
  figures: [{ name: 'first write', value: 25.234, unit: 's' }],
});
const [older, newer] = ['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'];

test('the newest pass of each drill is kept, and told to people', async () => {
  const record = join(folder, 'new');
  await keepPasses(record, [pass('restore', newer), pass('doctor', older)]);
  await keepPasses(record, [pass('restore', older), pass('doctor', newer)]);
  expect(await readRecord(record)).toEqual([pass('doctor', newer), pass('restore', newer)]);
  const document = await readFile(join(record, 'drills.md'), 'utf8');
  expect(document).toContain('| [doctor](#doctor) | 2026-11-01 | 1.0.0 | short | 12 s |');
  expect(document).toContain('| first write | 25.23 s |');
  expect(document).toContain('| pitr | not recorded yet | | | |');
});

test.each(['', '{}', '[{"drill":"restore","passedAt":"soon"}]'])('a record of %j is none', async (text) => {
  await writeFile(join(folder, 'drills.json'), text);
  expect(await readRecord(folder)).toEqual([]);
});
