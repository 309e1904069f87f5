import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const hours = (n: number): number => n * 60;
/** Maintenance on one instance of two: it begins after an hour, lasts so many hours, and ends by itself at `until`, in seconds. */
const maintenance = (lasts: number, until = 0) => {
  const values = (on: number) => gauge([0, hours(1)], [on, hours(lasts)], [0, hours(3)]);
  const off = gauge([0, hours(lasts + 4)]);
  const series = (name: string, instance: string) => `${name}{job="brownie-api",instance="${instance}:8080"}`;
  return {
    series: {
      [series('maintenance_mode', 'a')]: values(1),
      [series('maintenance_mode', 'b')]: off,
      [series('maintenance_started_timestamp_seconds', 'a')]: values(3_600),
      [series('maintenance_started_timestamp_seconds', 'b')]: off,
      [series('maintenance_until_timestamp_seconds', 'a')]: values(until),
      [series('maintenance_until_timestamp_seconds', 'b')]: off,
    },
    evaluation: '1m',
  } as const;
};
const forgotten = maintenance(6);

export const maintenanceModeOverrun: Alert = {
  name: 'MaintenanceModeOverrun',
  team: 'oncall',
  summary: 'Maintenance without an end has lasted for more than 4 hours',
  condition: 'maintenance without a planned end for more than 4 hours',
  description: 'Changes have been refused for {{ $value | humanizeDuration }}, and no end is planned.',
  why:
    'Maintenance with a planned end is over by itself at that moment, so only one without can be forgotten. Four hours are longer than ' +
    'any work here has taken; by then clients should know when they may come again.',
  nextSteps: ['Ask whoever began it: `brownie maintenance status` names them', 'Give it an end, or end it'],
  dashboard: 'overview',
  rules: [
    {
      expr: [
        `time() - max by (environment) (maintenance_started_timestamp_seconds{${job}}) > 4 * 3600`,
        `and max by (environment) (maintenance_mode{${job}}) == 1`,
        `and max by (environment) (maintenance_until_timestamp_seconds{${job}}) == 0`,
      ].join('\n'),
      for: '5m',
      severity: 'warning',
    },
  ],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('306m', forgotten, { value: '4h 6m 0s' }),
    quietJustBelow: quiet('8h', maintenance(3.75)),
    quietBeforeFor: quiet('304m', forgotten),
    resolves: quiet('421m', forgotten),
    noData: quietWithoutData,
    noTraffic: quiet('9h', maintenance(0.5)),
    more: {
      'one that ends by itself': quiet('7h', maintenance(6, 7 * 3_600)),
    },
  },
};
