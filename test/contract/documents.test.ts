import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenLinks, unknownSettings } from '../harness/document-faults.ts';

const folder = join(import.meta.dirname, '../../docs');
const names = readdirSync(folder).filter((name) => name.endsWith('.md'));

test.each(names)('docs/%s links to what exists, and names settings that exist', (name) => {
  const path = join(folder, name);
  const markdown = readFileSync(path, 'utf8');
  expect(brokenLinks(markdown, path)).toEqual([]);
  expect(unknownSettings(markdown)).toEqual([]);
});
