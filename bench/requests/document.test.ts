import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rows } from './catalogue.ts';
import type { Report, Result } from './report.ts';
import { documentsOf, readResults } from './write-documents.ts';

const docs = join(import.meta.dirname, '../../docs');

/** The first long run writes it. */
const hasResults = existsSync(join(docs, 'performance/results.json'));

test.skipIf(!hasResults)(
  'docs/performance.md and its pictures say what the results say: npm run generate makes them',
  async () => {
    for (const [file, text] of documentsOf(await readResults(docs))) {
      expect(await readFile(join(docs, file), 'utf8'), file).toBe(text);
    }
  },
);

test.skipIf(!hasResults)('the results are those of rows that there are', async () => {
  const { results } = await readResults(docs);
  const titles = new Map(rows.map(({ name, title }) => [name, title]));
  for (const { row, title } of results) {
    expect(titles.get(row), row).toBe(title);
  }
});

test.skipIf(!hasResults)('the results name no path and no host', async () => {
  expect(await readFile(join(docs, 'performance/results.json'), 'utf8')).not.toMatch(/\/(home|root|tmp)\/|@/);
});

const result = (row: string, more: Partial<Result>): Result => ({
  ...{
    row,
    title: `a <${row}>`,
    subject: 'service',
    group: 'look-ups',
    connections: 32,
    rate: 1_234.5,
    refusedShare: 0,
  },
  ...{
    ownMicroseconds: 400,
    postgresMicroseconds: 160,
    p50Ms: 8,
    p99Ms: 21.5,
    peakResidentBytes: 2 ** 27,
    ratios: [],
  },
  ...more,
});

test('rows are told with their ratios, floors apart, and what pgbench does not say left out', () => {
  const report: Report = {
    measuredOn: '2026-11-30',
    machine: {
      cores: 2,
      processor: 'X',
      memoryBytes: 2 ** 33,
      system: 'Linux 6.1',
      node: '24',
      postgres: '18',
    },
    settings: { incidents: 100_000, connections: [32], rounds: 3, seconds: 3 },
    idleResidentBytes: 2 ** 26,
    results: [
      result('floor', { subject: 'pgbench', p99Ms: null, peakResidentBytes: 0 }),
      result('user', {
        ratios: [{ to: 'floor', rate: 0.5, cpu: 2 }],
        goal: { rateMin: 0.8 },
        refusedShare: 0.01,
      }),
    ],
  };
  const documents = documentsOf(report);
  const text = documents.get('performance.md') ?? '';
  expect(text).toContain('| a <floor> | 1,235 | 400 + 160 | 8.0 | – | – |  |\n');
  expect(text).toContain(
    '| **a <user>** | 1,235 | 400 + 160 | 8.0 | 21.5 | 128 | 0.50 (2.00) of a <floor>; 1.0 % refused |\n',
  );
  expect([...documents.keys()]).toEqual([
    'performance.md',
    'performance/cpu-look-ups.svg',
    'performance/ratios.svg',
  ]);
  expect(documents.get('performance/cpu-look-ups.svg')).toContain('>a &lt;user&gt;</text>');
});
