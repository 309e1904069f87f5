import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { counter, type Phase } from '../series.ts';

const labels = { instance: 'a:8080' };
const within5Minutes = (metric: string): string =>
  `sum by (environment, instance) (increase(${metric}{${job}}[5m]))`;
const instance = '{job="brownie-api",instance="a:8080"}';
const log = (errors: readonly Phase[], lost: readonly Phase[] = [[0, 40]]) => ({
  series: {
    [`log_write_errors_total${instance}`]: counter(...errors),
    [`log_lines_lost_total${instance}`]: counter(...lost),
  },
});
const failsForAWhile = log([
  [0, 4],
  [120, 6],
  [0, 30],
]);
const losesForAWhile = log(
  [[0, 40]],
  [
    [0, 4],
    [1, 6],
    [0, 30],
  ],
);

export const logWriteFailing: Alert = {
  name: 'LogWriteFailing',
  team: 'infrastructure',
  summary: 'The log cannot be written',
  condition: 'a line of the log was not written or lost within 5 minutes, for 1 minute',
  description:
    '{{ $labels.instance }} goes on serving, and what it does is not in its log: a full disk, or a reader that is gone or slow.',
  why:
    'The service never waits for its log, so nobody notices its loss by anything else. A write is tried twice a second: one ' +
    'failure in 5 minutes is enough, and one minute is time for whoever clears the disk to see it themselves.',
  nextSteps: [
    'Look at standard error of the instance: it names the fault (ENOSPC: the disk is full; EPIPE: the reader is gone)',
    'Make room on the disk that keeps the log, or start its reader again: the service tries again by itself',
    'A pipe whose reader is gone stays so: restart the instance',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: `${within5Minutes('log_write_errors_total')} + ${within5Minutes('log_lines_lost_total')} > 0`,
      for: '1m',
      severity: 'warning',
    },
  ],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('6m15s', failsForAWhile, { labels }),
    quietJustBelow: quiet('30m', log([[0, 40]])),
    quietBeforeFor: quiet('5m45s', failsForAWhile),
    resolves: quiet('16m', failsForAWhile),
    noData: quietWithoutData,
    noTraffic: quiet('30m', log([[0, 40]])),
    more: {
      'a reader that is too slow costs lines': fires('14m', losesForAWhile, { labels }),
      'five minutes after the last of them it is over': quiet('16m', losesForAWhile),
      'one failure is enough': fires(
        '8m',
        log([
          [0, 4],
          [1, 1],
          [0, 30],
        ]),
        { labels },
      ),
    },
  },
};
