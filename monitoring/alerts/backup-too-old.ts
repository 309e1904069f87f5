import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const hour = 3600;
const made = (type: string): string =>
  `backup_last_success_timestamp_seconds{job="brownie-api",instance="a:8080",type="${type}"}`;
/** The newest dump so many hours old at the start, a new one after so many minutes; an older full backup beside it. */
const dump = (hours: number, minutes = 60) => ({
  series: {
    [made('dump')]: gauge([-hours * hour, minutes], [minutes * 60, 60]),
    [made('full')]: gauge([-100 * hour, minutes + 60]),
  },
});

export const backupTooOld: Alert = {
  name: 'BackupTooOld',
  team: 'database',
  summary: 'There is no backup of the last 26 hours',
  condition: 'no backup for 26 hours',
  description: 'The newest backup of any kind is {{ $value | humanizeDuration }} old.',
  why:
    'A backup is made each day, and takes less than two hours. A job that fails says so to nobody: what is watched is the ' +
    'success. Where none was ever made, the time is 0, so that this fires as well. Five minutes outlive a restart.',
  nextSteps: [
    'See what the last run said: `journalctl -u brownie-backup`, or the logs of the CronJob',
    'Make one now: `brownie backup create` says in one line what is wrong',
    'Verify it: `brownie backup verify --restore`',
  ],
  dashboard: 'database',
  rules: [
    {
      expr: `time() - max by (environment) (backup_last_success_timestamp_seconds{${job}}) > 26 * 3600`,
      for: '5m',
      severity: 'warning',
    },
  ],
  cases: {
    fires: fires('5m', dump(26.01), { value: '1d 2h 5m 36s' }),
    quietJustBelow: quiet('30m', dump(25.4)),
    quietBeforeFor: quiet('4m45s', dump(26.01)),
    resolves: quiet('21m', dump(30, 20)),
    noData: quietWithoutData,
    noTraffic: quiet('30m', dump(1)),
    more: {
      'where none was ever made': fires(
        '26h6m',
        { series: { [made('dump')]: gauge([0, 2000]) } },
        { value: '1d 2h 6m 0s' },
      ),
    },
  },
};
