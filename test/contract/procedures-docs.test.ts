import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drills } from '../../src/drills/index.ts';
import { readRecord } from '../../src/operations/drill-record/index.ts';
import { renderRecord } from '../../src/operations/drill-record/render-record.ts';
import { helpOf } from '../harness/brownie-help.ts';
import {
  brokenLinks,
  brownieCommands,
  unknownMetrics,
  unknownSettings,
  unparsable,
} from '../harness/document-faults.ts';

const folder = join(import.meta.dirname, '../../docs/procedures/');
const files = readdirSync(folder).filter((name) => name.endsWith('.md'));

test('when each drill last passed is written down, as a drill wrote it', async () => {
  const record = await readRecord(folder);
  expect(record.filter(({ drill }) => !(drill in drills))).toEqual([]);
  expect(readFileSync(join(folder, 'drills.md'), 'utf8')).toBe(renderRecord(record));
});

describe.each(files)('docs/procedures/%s', (name) => {
  const path = join(folder, name);
  const text = readFileSync(path, 'utf8');

  test('names what exists', () => {
    expect(brokenLinks(text, path)).toEqual([]);
    expect(unknownMetrics(text)).toEqual([]);
    expect(unknownSettings(text)).toEqual([]);
    expect(unparsable(text)).toEqual([]);
  });

  test('names a drill that exists', () => {
    const named = [...text.matchAll(/brownie drill ([\w-]+)/g)].map(([, drill = '']) => drill);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((drill) => drill !== 'all' && !(drill in drills))).toEqual([]);
  });

  test('names commands of brownie that exist', () => {
    for (const [subcommand = ''] of brownieCommands(text).map((command) => command.split(' '))) {
      expect([subcommand, helpOf(subcommand) === undefined]).toEqual([subcommand, false]);
    }
  });
});
