import { type Alert, explainedByOutage } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const seenBy = (instance: string, replica: string): string =>
  `brownie_replica_usable{job="brownie-api",instance="${instance}:8080",replica="${replica}"}`;
const goes = {
  series: { [seenBy('a', '1')]: gauge([1, 4], [0, 10], [1, 20]), [seenBy('a', '2')]: gauge([1, 34]) },
};

export const replicaUnusable: Alert = {
  name: 'ReplicaUnusable',
  team: 'infrastructure',
  summary: 'A replica takes no reads',
  condition: 'an instance reads nothing from a replica for 5 minutes',
  description:
    '{{ $labels.instance }} reads nothing from replica {{ $labels.replica }}: it is silent, more than a second behind, or follows another primary. The others, or the primary, take its reads.',
  why:
    'Nothing fails without a replica, so nobody is woken; the primary takes what it took before there were replicas. Five minutes outlive a ' +
    'restart, a failover, and a report that holds the replay up.',
  nextSteps: [
    'See why, and whether all instances say so: /health/detailed',
    'Ask the replica itself: pg_is_in_recovery(), pg_is_wal_replay_paused(), pg_stat_wal_receiver',
    'Start it, resume it or make it anew; instances take it back by themselves',
  ],
  dashboard: 'database',
  rules: [{ expr: `brownie_replica_usable{${job}} == 0`, for: '5m', severity: 'warning' }],
  inhibitedBy: explainedByOutage,
  cases: {
    fires: fires('9m30s', goes, { labels: { job: 'brownie-api', instance: 'a:8080', replica: '1' } }),
    quietJustBelow: quiet('20m', { series: { [seenBy('a', '1')]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('8m45s', goes),
    resolves: quiet('15m', goes),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: { [seenBy('a', '1')]: gauge([1, 30]) } }),
  },
};
