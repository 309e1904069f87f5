import type { History } from './alert-case.ts';

/** An expression over a history, and its value at an instant. */
export interface RecordingCase extends History {
  readonly at: string;
  readonly expr: string;
  readonly value: number;
}

/** A series that Prometheus computes as it goes. Named after what it measures and over which window. */
export interface Recording {
  readonly name: string;
  readonly expr: string;
  /** What each case shows, by a title. */
  readonly cases: Readonly<Record<string, RecordingCase>>;
}

/** That an expression is within 5 % of a value: sampled windows are never exact. */
export const about = (expr: string, value: number): string =>
  `abs(${expr} - ${value}) <= bool ${0.05 * value}`;
