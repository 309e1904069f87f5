import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const hour = 3600;
const of = (instance: string): string =>
  `backup_age_start_timestamp_seconds{job="brownie-api",instance="${instance}:8080"}`;
/** The newest backup so many hours old at the start, a new one after so many minutes; an instance that knows of an older one. */
const dump = (hours: number, minutes = 60) => ({
  series: {
    [of('a')]: gauge([-hours * hour, minutes], [minutes * 60, 60]),
    [of('b')]: gauge([-100 * hour, minutes + 60]),
  },
});
/** Installed at the start, and no backup since. */
const fresh = { evaluation: '1m', series: { [of('a')]: gauge([0, 2000]) } } as const;

export const backupTooOld: Alert = {
  name: 'BackupTooOld',
  team: 'database',
  summary: 'There is no backup of the last 26 hours',
  condition: 'no backup for 26 hours',
  description: 'The newest backup of any kind is {{ $value | humanizeDuration }} old.',
  why:
    'A backup is made each day, and takes less than two hours. A job that fails says so to nobody: what is watched is the ' +
    'success. Where none was ever made, the age is that of the installation: a new one has a day, too. Five minutes outlive a restart.',
  nextSteps: [
    'See what the last run said: `journalctl -u brownie-backup`, or the logs of the CronJob',
    'Make one now: `brownie backup create` says in one line what is wrong',
    'Verify it: `brownie backup verify --restore`',
  ],
  dashboard: 'database',
  rules: [
    {
      expr: `time() - max by (environment) (backup_age_start_timestamp_seconds{${job}}) > 26 * 3600`,
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
      'a new installation without a backup is quiet on its first day': quiet('25h55m', fresh),
      'and fires then': fires('26h6m', fresh, { value: '1d 2h 6m 0s' }),
      'nobody owes one outside production': quiet('30m', { series: { [of('a')]: 'NaN '.repeat(31) } }),
    },
  },
};
