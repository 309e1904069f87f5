import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const seenBy = (instance: string, dependency = 'redis'): string =>
  `brownie_health_status{job="brownie-api",instance="${instance}:8080",dependency="${dependency}"}`;
const goes = {
  series: { [seenBy('a')]: gauge([1, 4], [0, 6], [1, 20]), [seenBy('b')]: gauge([1, 30]) },
};

export const redisDown: Alert = {
  name: 'RedisDown',
  team: 'infrastructure',
  summary: 'Redis does not answer',
  condition: 'an instance gets no answer from Redis for 2 minutes',
  description: '{{ $labels.instance }} gets no answer from Redis; it serves without it and says "degraded".',
  why:
    'Nothing fails without Redis, so nobody is woken. One alert for each instance that misses it tells a dead Redis (all) from ' +
    'a broken network (one). Two minutes outlive a restart and a failover.',
  nextSteps: [
    'See whether all instances miss it or one',
    'Ask Redis itself: redis-cli ping, with the URL of the service',
    'Restart it; the service reconnects by itself',
  ],
  dashboard: 'database',
  rules: [{ expr: `brownie_health_status{${job},dependency="redis"} == 0`, for: '2m', severity: 'warning' }],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('6m', goes, { labels: { job: 'brownie-api', instance: 'a:8080', dependency: 'redis' } }),
    quietJustBelow: quiet('20m', { series: { [seenBy('a')]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('5m45s', goes),
    resolves: quiet('10m', goes),
    noData: quietWithoutData,
    noTraffic: quiet('20m', {
      series: { [seenBy('a')]: gauge([1, 30]), [seenBy('a', 'database')]: gauge([0, 30]) },
    }),
    more: {
      'where Redis is not configured there is no series': quiet('20m', {
        series: { [seenBy('a', 'database')]: gauge([0, 30]) },
      }),
    },
  },
};
