import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasTest } from '../harness/named-tests.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/security/asvs.md'), 'utf8');
const rows = [...document.matchAll(/^\| (\d+)\.(\d+)\.(\d+) \| ([12]) \| (.+) \| (.+) \|$/gm)].map(
  ([, chapter = '', section = '', number = '', level = '', , state = '']) => ({
    number: `${chapter}.${section}.${number}`,
    chapter: Number(chapter),
    level,
    state,
  }),
);
const met = rows.flatMap(({ number, state }) => {
  const [, file, title] = /^met: `(.+?)` "(.+)"$/.exec(state) ?? [];
  return file === undefined || title === undefined ? [] : [{ number, file, title }];
});

/** How many requirements of level 1 and 2 each chapter of ASVS 5.0.0 has, from 1 on. */
const ofChapters = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];

describe('docs/security/asvs.md', () => {
  test('has every requirement of level 1 and 2 once', () => {
    expect(ofChapters.map((_, index) => rows.filter(({ chapter }) => chapter === index + 1).length)).toEqual(
      ofChapters,
    );
    expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
    expect([rows.length, rows.filter(({ level }) => level === '1').length]).toEqual([253, 70]);
  });

  test('says of each whether it is met, and by which test, or why not', () => {
    const odd = rows.filter(({ state }) => !/^(met: `.+` ".+"|not applicable: .+|open: .+)$/.test(state));
    expect(odd).toEqual([]);
    const count = (word: string): number => rows.filter(({ state }) => state.startsWith(word)).length;
    expect(document).toContain(
      `Of ${rows.length}, ${count('met')} are met, ${count('not')} are not applicable and ${count('open')} are open.`,
    );
  });

  test('names tests that are there', () => {
    expect(met.length).toBeGreaterThan(150);
    expect(met.filter(({ file, title }) => !hasTest(file, title))).toEqual([]);
  });
});
