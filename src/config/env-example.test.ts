import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openEnvironment } from './env.ts';
import { environmentExample } from './env-example.ts';
import { readDotenv } from './files.ts';
import { readSettings } from './read-settings.ts';
import { allSettings } from './settings.ts';

const text = environmentExample();
/** What is left of the file once every setting in it is uncommented. */
const uncommented = text.replace(/^#([A-Z0-9_]+=)/gm, '$1');

describe('.env.example', () => {
  it('is what the settings make of it; if not: node scripts/generate-configuration-docs.ts', () => {
    expect(readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8')).toBe(text);
  });

  it('changes nothing where it is copied as it is', () => {
    expect(parseEnv(text)).toEqual({});
  });

  it('has a line for each setting that can be uncommented', () => {
    const { values, faults } = readDotenv(() => uncommented);
    expect(Object.keys(values).sort()).toEqual(allSettings.map(({ name }) => name).sort());
    expect(faults).toEqual([]);
    const environment = openEnvironment({ env: values });
    expect(readSettings(environment).faults).toEqual([]);
  });

  it('is plain text that fits a terminal', () => {
    expect(text).not.toMatch(/`|\]\(/);
    const long = text.split('\n').filter((line) => line.startsWith('# ') && line.length > 120);
    expect(long).toEqual([]);
  });
});
