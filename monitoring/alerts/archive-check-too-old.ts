import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const hour = 3600;
const name = (instance: string): string =>
  `wal_archive_whole_timestamp_seconds{job="brownie-api",instance="${instance}:8080"}`;
/** Found whole so many hours ago at the start, again after so many minutes; an instance that knows of an older look. */
const found = (hours: number, minutes = 60) => ({
  series: {
    [name('a')]: gauge([-hours * hour, minutes], [minutes * 60, 60]),
    [name('b')]: gauge([-100 * hour, minutes + 60]),
  },
});

export const archiveCheckTooOld: Alert = {
  name: 'ArchiveCheckTooOld',
  team: 'database',
  summary: 'The archive has not been found without a gap for 26 hours',
  condition: 'the archive was not found whole for 26 hours',
  description: 'The archive was last found without a gap {{ $value | humanizeDuration }} ago.',
  why:
    'PostgreSQL takes a segment that is missing for the end of the log, and a recovery loses what is behind it without a word. ' +
    'The archive is looked at each day, within two hours. A gap and a look that does not take place are told alike: what is ' +
    'watched is the success. Where nothing is archived it is no number. Five minutes outlive a restart.',
  nextSteps: [
    'Look now: `brownie backup pitr check` names the segments that are missing',
    'Missing ones that are nowhere: `brownie backup pitr full` makes a new start behind the gap',
    "See what the last run said: `journalctl -u 'brownie-archive@*'`",
  ],
  dashboard: 'database',
  rules: [
    {
      expr: `time() - max by (environment) (wal_archive_whole_timestamp_seconds{${job}}) > 26 * 3600`,
      for: '5m',
      severity: 'warning',
    },
  ],
  cases: {
    fires: fires('5m', found(26.01), { value: '1d 2h 5m 36s' }),
    quietJustBelow: quiet('30m', found(25.4)),
    quietBeforeFor: quiet('4m45s', found(26.01)),
    resolves: quiet('21m', found(30, 20)),
    noData: quietWithoutData,
    noTraffic: quiet('30m', found(1)),
    more: {
      'where nothing is archived it is no number': quiet('30m', {
        series: { [name('a')]: 'NaN '.repeat(30) },
      }),
    },
  },
};
