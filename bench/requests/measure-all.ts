import { findProgram } from '../../src/platform/programs/find-program.ts';
import type { Row } from './catalogue.ts';
import { type Load, measure, type Sample, type Setting } from './measure.ts';
import type { Options } from './options.ts';
import { type Result, resultOf } from './report.ts';

/** A row that took longer at its median is not asked by more clients at once: they would measure its queue. */
const slowMs = 1_000;

export interface Progress {
  readonly onNote: (text: string) => void;
  /** Told when the rounds on so many connections are over. */
  readonly onResults: (connections: number, results: readonly Result[]) => void;
}

/** Measures the rows in turns: every round has each row once, forwards and backwards in turn. */
export async function measureAll(options: Options, setting: Setting, progress: Progress): Promise<Result[]> {
  const rows = await runnable(options.rows, progress);
  const all: Result[] = [];
  for (const connections of options.connections.toSorted((a, b) => a - b)) {
    const isSlow = ({ name }: Row): boolean => all.some(({ row, p50Ms }) => row === name && p50Ms > slowMs);
    const measured = rows.filter((row) => !isSlow(row));
    const load = { connections, seconds: options.seconds };
    const turns = await measureRounds(measured, load, options.rounds, setting);
    const results = measured.flatMap((row) => resultOf(row, connections, (name) => turns.get(name)) ?? []);
    for (const { title } of rows.filter(isSlow)) {
      progress.onNote(
        `not on ${connections} connections, for it took more than ${slowMs} ms on fewer: ${title}`,
      );
    }
    progress.onResults(connections, results);
    all.push(...results);
  }
  return all;
}

/** The samples of each row, by round. */
export async function measureRounds(
  rows: readonly Row[],
  load: Load,
  rounds: number,
  setting: Setting,
): Promise<Map<string, Sample[]>> {
  const turns = new Map<string, Sample[]>(rows.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const row of round % 2 === 0 ? rows : rows.toReversed()) {
      turns.get(row.name)?.push(await measure(row, load, setting));
    }
  }
  return turns;
}

/** Without those of pgbench where it is not installed. */
async function runnable(rows: readonly Row[], { onNote }: Progress): Promise<readonly Row[]> {
  if ((await findProgram('pgbench')) !== undefined) {
    return rows;
  }
  onNote(
    'pgbench is not installed: no figures of PostgreSQL alone (scripts/install-debian-packages brings it)',
  );
  return rows.filter(({ subject }) => subject !== 'pgbench');
}
