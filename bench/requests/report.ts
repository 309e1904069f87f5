import { median } from '../load.ts';
import type { Row } from './catalogue.ts';
import type { Sample } from './measure.ts';

/** Medians of a row's turns on so many connections. */
export interface Result extends Sample {
  readonly row: string;
  readonly title: string;
  readonly connections: number;
  /** To each row that it is compared with: medians of what the rounds gave, by requests a second and by CPU time a request. */
  readonly ratios: readonly Ratio[];
  readonly goal?: Row['goal'];
}

export interface Ratio {
  readonly to: string;
  readonly rate: number;
  readonly cpu: number;
}

/** The samples of one row, by round; undefined where it was not measured. */
export type Turns = readonly Sample[] | undefined;

/** @param turnsOf the samples of a row on these connections */
export function resultOf(
  row: Row,
  connections: number,
  turnsOf: (name: string) => Turns,
): Result | undefined {
  const turns = turnsOf(row.name);
  if (turns === undefined || turns.length === 0) {
    return undefined;
  }
  const middle = (of: (sample: Sample) => number): number => median(turns.map(of));
  return {
    row: row.name,
    title: row.title,
    connections,
    rate: middle(({ rate }) => rate),
    refusedShare: middle(({ refusedShare }) => refusedShare),
    ownMicroseconds: middle(({ ownMicroseconds }) => ownMicroseconds),
    postgresMicroseconds: middle(({ postgresMicroseconds }) => postgresMicroseconds),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    peakResidentBytes: Math.max(...turns.map((each) => each.peakResidentBytes)),
    ratios: (row.against ?? []).flatMap((to) => {
      const others = turnsOf(to);
      return others === undefined ? [] : [{ to, ...ratio(turns, others) }];
    }),
    ...(row.goal === undefined ? {} : { goal: row.goal }),
  };
}

/** Round by round, then the median: the pace of a shared machine changes between rounds, hardly within one. */
export function ratio(turns: readonly Sample[], others: readonly Sample[]): { rate: number; cpu: number } {
  const of = (value: (sample: Sample) => number): number =>
    median(
      turns.flatMap((each, round) =>
        others[round] === undefined ? [] : [value(each) / value(others[round])],
      ),
    );
  return {
    rate: of(({ rate }) => rate),
    cpu: of(({ ownMicroseconds, postgresMicroseconds }) => ownMicroseconds + postgresMicroseconds),
  };
}
