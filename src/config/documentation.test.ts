import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationDocument, markdownTable } from './documentation.ts';
import { allSettings } from './settings.ts';

const document = configurationDocument();

describe('docs/configuration.md', () => {
  it('is what the settings make of it; if not: node scripts/generate-configuration-docs.ts', () => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')).toBe(document);
  });

  it('has one row for each setting, with four cells', () => {
    for (const { name } of allSettings) {
      const rows = document
        .split('\n')
        .filter((line) => line.startsWith(`| \`${name}\` `) && line.includes('. '));
      expect(rows, name).toHaveLength(1);
      expect(rows[0]?.match(/(?<!\\)\|/g), name).toHaveLength(5);
    }
  });

  it('names no variable that does not exist', () => {
    const known = new Set(
      allSettings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name])),
    );
    const named = [...document.matchAll(/METADATA_[A-Z0-9_]*[A-Z0-9]/g)].map(([name]) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('links only to its own headings', () => {
    const headings = [...document.matchAll(/^##+ (.*)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const targets = [...document.matchAll(/\]\(#([^)]*)\)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !headings.includes(target))).toEqual([]);
  });
});

it('aligns the columns and escapes bars', () => {
  expect(
    markdownTable(
      ['A', 'Setting'],
      [
        ['a|b', 'c'],
        ['long', 'd'],
      ],
    ),
  ).toBe(
    ['| A    | Setting |', '| ---- | ------- |', '| a\\|b | c       |', '| long | d       |'].join('\n'),
  );
});
