import type { Severity } from '../alert.ts';
import type { Duration } from '../duration.ts';

/** What we promise of requests, and how it is measured. */
export interface Objective {
  readonly slo: 'availability' | 'latency';
  /** The name of the alert that guards it. */
  readonly alert: string;
  /** The alert that pages where so many requests are bad that nobody needs to count for an hour. */
  readonly louder: string;
  /** The share of requests that may be bad: 1 - target. */
  readonly budget: number;
  /** Recorded ratio of bad requests, without its window. */
  readonly ratio: string;
  /** Recorded count of bad requests, without its window. */
  readonly count: string;
  /** What a bad request did. */
  readonly bad: string;
}

/** 99.9 % of requests do not fail: the target of the operations guide, 43 minutes of a month. */
export const availability: Objective = {
  slo: 'availability',
  alert: 'ErrorBudgetBurn',
  louder: 'HighErrorRate',
  budget: 0.001,
  ratio: 'brownie:http_error_ratio:rate',
  count: 'brownie:http_errors:increase',
  bad: 'failed',
};

/** 99 % of requests are answered within a second, failed ones included. */
export const latency: Objective = {
  slo: 'latency',
  alert: 'LatencyBudgetBurn',
  louder: 'HighResponseTime',
  budget: 0.01,
  ratio: 'brownie:http_slow_ratio:rate',
  count: 'brownie:http_slow_requests:increase',
  bad: 'took longer than a second',
};

/** A speed at which the budget of 30 days is spent, seen over a long window and confirmed by a short one. */
export interface BurnRate {
  readonly rate: number;
  readonly long: Duration;
  readonly short: Duration;
  readonly severity: Severity;
  /** The least bad requests in the long window: one error in a quiet night is no trend. */
  readonly badMin: number;
  readonly for?: Duration;
  /** For how long a fault that is over, and that somebody was paged for, is left out. */
  readonly memory?: Duration;
}

/**
 * The windows of the Site Reliability Workbook, chapter 5: 2 % of the budget in an hour and 5 % in six are worth waking
 * somebody, 10 % in a day and 10 % in three are worth a ticket.
 */
export const burnRates: readonly [BurnRate, ...BurnRate[]] = [
  { rate: 14.4, long: '1h', short: '5m', severity: 'critical', badMin: 10, for: '2m', memory: '8m' },
  { rate: 6, long: '6h', short: '30m', severity: 'critical', badMin: 10, for: '2m', memory: '33m' },
  { rate: 3, long: '1d', short: '2h', severity: 'warning', badMin: 5 },
  { rate: 1, long: '3d', short: '6h', severity: 'warning', badMin: 5 },
];

/** Every window that a ratio is recorded over. */
export const ratioWindows: readonly Duration[] = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '30d'];
