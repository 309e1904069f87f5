import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasTest } from '../harness/named-tests.ts';

const root = join(import.meta.dirname, '../..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const document = text('SECURITY.md');

const threats = [...document.matchAll(/^\| (?!threat|---)(.+?) \| .+ \| `(.+?)` "(.+)" \|$/gm)].map(
  ([, threat = '', file = '', title = '']) => ({ threat, file, title }),
);

describe('SECURITY.md', () => {
  test('names a test for each threat', () => {
    const rows = [...document.matchAll(/^\| (?!threat|---)/gm)];
    expect(threats.length).toBeGreaterThan(20);
    expect(threats.length).toBe(rows.length);
  });

  test.each(threats)('names a test that is there: $threat', ({ file, title }) => {
    expect(hasTest(file, title), `${file} ${title}`).toBe(true);
  });
});
