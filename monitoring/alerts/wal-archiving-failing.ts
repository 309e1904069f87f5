import { type Alert, explainedByOutage, outages } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job, unlessFired } from '../selectors.ts';
import { gauge } from '../series.ts';

const name = (instance: string): string =>
  `wal_archive_last_success_timestamp_seconds{job="brownie-api",instance="${instance}:8080"}`;
/** The archive so many seconds behind at the start; after so many minutes it has caught up. One instance looks late. */
const behind = (seconds: number, minutes = 30) => ({
  series: {
    [name('a')]: gauge([-seconds, minutes], [minutes * 60 + 600, 10]),
    [name('b')]: gauge([-seconds - 600, minutes + 10]),
  },
});

const besideDatabaseDown = (values: string) => ({
  series: {
    ...behind(46).series,
    'ALERTS{alertname="DatabaseDown",alertstate="firing",severity="critical",team="database"}': values,
  },
});

export const walArchivingFailing: Alert = {
  name: 'WALArchivingFailing',
  team: 'database',
  summary: 'The write-ahead log is not archived',
  condition: 'the archive is 2 minutes behind for 1 minute',
  description: 'The archive is {{ $value | humanizeDuration }} behind: so much is lost with the server.',
  why:
    'At most 5 minutes may be lost (RPO), and a segment goes after 30 seconds of any write. Two minutes behind is four of them, ' +
    'and one minute more leaves two to act. A quiet database is not behind: only complete segments count. Before the archive ' +
    'has been away for long, pg_wal fills the disk. While the database is down nobody can tell, nor for two minutes after.',
  nextSteps: [
    'Ask PostgreSQL: select * from pg_stat_archiver; its log has the words of pgBackRest',
    'Have a segment archived and see why not: `brownie backup pitr check`',
    'Watch the disk of pg_wal: it grows until the archive works again; never delete from it by hand',
  ],
  dashboard: 'database',
  rules: [
    {
      expr: [
        `time() - max by (environment) (wal_archive_last_success_timestamp_seconds{${job}}) > 120`,
        unlessFired(outages, '2m'),
      ].join('\n'),
      for: '1m',
      severity: 'critical',
    },
  ],
  inhibitedBy: explainedByOutage,
  cases: {
    fires: fires('2m15s', behind(46), { value: '3m 1s' }),
    quietJustBelow: quiet('2m', behind(0)),
    quietBeforeFor: quiet('2m', behind(46)),
    resolves: quiet('11m', behind(60, 10)),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: { [name('a')]: '0+60x20' } }),
    more: {
      'where nothing is archived it is no number': quiet('20m', {
        series: { [name('a')]: 'NaN '.repeat(20) },
      }),
      'while the database is down': quiet('20m', besideDatabaseDown('1x30')),
      'until two minutes after it': quiet('12m45s', besideDatabaseDown('1x10')),
      'and from then on': fires('14m', besideDatabaseDown('1x10'), { value: '14m 46s' }),
      'a little over two minutes is enough': fires('3m15s', behind(0), { value: '3m 15s' }),
    },
  },
};
