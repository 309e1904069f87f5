import { type Duration, seconds } from '../duration.ts';
import { tokenize } from '../promql.ts';
import type { RuleFile } from './rule-file.ts';

/**
 * How much faster than in production time passes: 60 makes seconds of minutes, so that a test with a real Prometheus,
 * which takes a scrape a second, sees alerts within seconds. 1 changes nothing.
 *
 * Times are divided: windows, offsets, `for`, intervals, levels of escalation. Thresholds are not: rates are by second
 * or by minute whatever the window, ratios have no unit. Nor are least counts of errors or requests in a window: they keep
 * chance from deciding, and a test has to send as many in the shorter window. Days that a certificate has left stay days.
 */
export type TimeScale = number;

/** A rate wants two scrapes in its window; with four, one that is late or lost does no harm. */
const rangeSecondsMin = 4;
/** Seen by two evaluations. */
const waitSecondsMin = 2;

/** A duration divided, in whole seconds and no less than so many; unchanged where time is not scaled. */
export function scaled<D extends string>(duration: D, scale: TimeScale, secondsMin = 1): D | `${number}s` {
  return scale === 1 ? duration : `${Math.max(secondsMin, Math.round(seconds(duration) / scale))}s`;
}

/** An expression, every duration in it divided. Names of recordings keep the window that they have in production. */
export function scaledExpr(expr: string, scale: TimeScale): string {
  return tokenize(expr)
    .filter(({ kind }) => kind === 'duration')
    .reverse()
    .reduce(
      (text, { text: duration, start, end }) =>
        text.slice(0, start) + scaled(duration, scale, rangeSecondsMin) + text.slice(end),
      expr,
    );
}

/** A wait divided; none stays none. */
export const scaledWait = (wait: Duration, scale: TimeScale): Duration =>
  wait === '0s' ? wait : scaled(wait, scale, waitSecondsMin);

/** Rules whose windows, waits and intervals are divided. */
export const scaledRules = ({ groups }: RuleFile, scale: TimeScale): RuleFile => ({
  groups: groups.map(({ name, interval, rules }) => ({
    name,
    ...(interval === undefined ? {} : { interval: scaled(interval, scale) }),
    rules: rules.map((rule) => ({
      ...rule,
      expr: scaledExpr(rule.expr, scale),
      ...(rule.for === undefined ? {} : { for: scaledWait(rule.for, scale) }),
      ...(rule.keep_firing_for === undefined
        ? {}
        : { keep_firing_for: scaledWait(rule.keep_firing_for, scale) }),
    })),
  })),
});
