import { median } from '../load.ts';
import type { Row } from './catalogue.ts';
import type { Machine } from './machine.ts';
import type { Sample } from './measure.ts';
import type { Options } from './options.ts';

/** A run, as `docs/performance/results.json` keeps it. Memory in bytes, CPU time in microseconds. */
export interface Report {
  /** `2026-11-30` */
  readonly measuredOn: string;
  readonly machine: Machine;
  readonly settings: Pick<Options, 'incidents' | 'connections' | 'rounds' | 'seconds'>;
  /** Of service and parent, before anybody asked. */
  readonly idleResidentBytes: number;
  readonly results: readonly Result[];
}

/** Medians of a row's turns on so many connections. */
export interface Result extends Sample {
  readonly row: string;
  readonly title: string;
  readonly subject: Row['subject'];
  readonly group: Row['group'];
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
  const { name, title, subject, group, against = [], goal } = row;
  const middle = (of: (sample: Sample) => number): number => rounded(median(turns.map(of)));
  return {
    ...{ row: name, title, subject, group, connections },
    rate: middle(({ rate }) => rate),
    refusedShare: middle(({ refusedShare }) => refusedShare),
    ownMicroseconds: middle(({ ownMicroseconds }) => ownMicroseconds),
    postgresMicroseconds: middle(({ postgresMicroseconds }) => postgresMicroseconds),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: turns.some(({ p99Ms }) => p99Ms === null) ? null : middle(({ p99Ms }) => p99Ms ?? 0),
    peakResidentBytes: Math.max(...turns.map((each) => each.peakResidentBytes)),
    ratios: against.flatMap((to) => {
      const others = turnsOf(to);
      return others === undefined ? [] : [{ to, ...ratio(turns, others) }];
    }),
    ...(goal === undefined ? {} : { goal }),
  };
}

/** Round by round, then the median: the pace of a shared machine changes between rounds, hardly within one. */
export function ratio(turns: readonly Sample[], others: readonly Sample[]): { rate: number; cpu: number } {
  const of = (value: (sample: Sample) => number): number =>
    rounded(
      median(
        turns.flatMap((each, round) => {
          const other = others[round];
          return other === undefined ? [] : [value(each) / value(other)];
        }),
      ),
    );
  return {
    rate: of(({ rate }) => rate),
    cpu: of(({ ownMicroseconds, postgresMicroseconds }) => ownMicroseconds + postgresMicroseconds),
  };
}

/** To four digits: the rest is noise, and makes a file that nobody can compare with the one before. */
const rounded = (value: number): number => Number(value.toPrecision(4));

/** A run as if there had been no earlier version in it. */
export function withoutEarlier(report: Report): Report {
  const results = report.results.filter(({ subject }) => subject !== 'earlier');
  const kept = new Set(results.map(({ row }) => row));
  return {
    ...report,
    results: results.map((result) => ({ ...result, ratios: result.ratios.filter(({ to }) => kept.has(to)) })),
  };
}
