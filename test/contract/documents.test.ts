import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { brokenLinks, unknownSettings } from '../harness/document-faults.ts';

const folder = new URL('../../docs/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.md'));

test.each(names)('docs/%s links to what exists, and names settings that exist', (name) => {
  const url = new URL(name, folder);
  const markdown = readFileSync(url, 'utf8');
  expect(brokenLinks(markdown, fileURLToPath(url))).toEqual([]);
  expect(unknownSettings(markdown)).toEqual([]);
});
