import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const day = 86_400;
/** The last drill so many days ago at the start, a new one after so many minutes; an instance that knows of none. */
const drilled = (days: number, minutes = 60) => ({
  series: {
    'restore_drill_age_start_timestamp_seconds{job="brownie-api",instance="a:8080"}': gauge(
      [-days * day, minutes],
      [minutes * 60, 60],
    ),
    'restore_drill_age_start_timestamp_seconds{job="brownie-api",instance="b:8080"}': gauge([
      -100 * day,
      minutes + 60,
    ]),
  },
});

export const restoreDrillTooOld: Alert = {
  name: 'RestoreDrillTooOld',
  team: 'database',
  summary: 'No backup has been restored and verified for 8 days',
  condition: 'no restore was verified for 8 days',
  description: 'The last restore that was verified is {{ $value | humanizeDuration }} ago.',
  why:
    'A backup that was never restored is a hope. The drill runs each week, and has a day to be mended where it fails. Where it ' +
    'never ran, the age is that of the installation. Five minutes outlive a restart.',
  nextSteps: [
    'See what the last run said: `journalctl -u brownie-drill`, or the logs of the CronJob',
    'Run it now: `brownie drill restore` says which check failed',
    'Where a backup is damaged, make a new one at once: `brownie backup create`',
  ],
  dashboard: 'database',
  rules: [
    {
      expr: `time() - max by (environment) (restore_drill_age_start_timestamp_seconds{${job}}) > 8 * 86400`,
      for: '5m',
      severity: 'warning',
    },
  ],
  cases: {
    fires: fires('5m', drilled(8.001), { value: '8d 0h 6m 26s' }),
    quietJustBelow: quiet('30m', drilled(7.9)),
    quietBeforeFor: quiet('4m45s', drilled(8.001)),
    resolves: quiet('21m', drilled(9, 20)),
    noData: quietWithoutData,
    noTraffic: quiet('30m', drilled(1)),
  },
};
