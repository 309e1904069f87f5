import type { Result } from './report.ts';

const headings = [
  'row',
  'requests/s',
  'CPU µs (ours + PostgreSQL)',
  'p50 / p99 ms',
  'peak MB',
  'ratios by rate (by CPU)',
];

/** Results as a table for a terminal. */
export function table(results: readonly Result[]): string {
  const lines = [headings, ...results.map(cells)];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 || column === 5
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

const cells = (result: Result): string[] => [
  result.row,
  result.rate.toFixed(result.rate < 100 ? 1 : 0),
  `${result.ownMicroseconds.toFixed(0)} + ${result.postgresMicroseconds.toFixed(0)}`,
  `${result.p50Ms.toFixed(1)} / ${result.p99Ms?.toFixed(1) ?? '–'}`,
  result.peakResidentBytes === 0 ? '–' : (result.peakResidentBytes / 2 ** 20).toFixed(0),
  [
    ...result.ratios.map(({ to, rate, cpu }) => `${rate.toFixed(2)} (${cpu.toFixed(2)}) of ${to}`),
    ...(result.goal?.rateMin === undefined ? [] : [`wanted: at least ${result.goal.rateMin}`]),
    ...(result.goal?.cpuMax === undefined ? [] : [`wanted: CPU at most ${result.goal.cpuMax}`]),
    ...(result.refusedShare > 0 ? [`${(result.refusedShare * 100).toFixed(1)} % refused`] : []),
  ].join(', '),
];
