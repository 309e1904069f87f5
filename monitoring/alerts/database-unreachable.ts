import { type Alert, explainedByOutage } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const seenBy = (instance: string, dependency = 'database'): string =>
  `brownie_health_status{job="brownie-api",instance="${instance}:8080",dependency="${dependency}"}`;
const oneLosesIt = {
  series: { [seenBy('a')]: gauge([1, 4], [0, 6], [1, 20]), [seenBy('b')]: gauge([1, 30]) },
};

export const databaseUnreachable: Alert = {
  name: 'DatabaseUnreachable',
  team: 'database',
  summary: 'One instance cannot reach the database',
  condition: 'one instance gets no answer for 2 minutes',
  description:
    '{{ $labels.instance }} gets no answer from PostgreSQL, while others do: what it is sent fails with 503.',
  why:
    'The others serve, so this waits for the day unless HighErrorRate says that too many requests meet the broken instance. ' +
    'Two minutes outlive its own start and a change of network.',
  nextSteps: [
    'Take the instance out of the load balancer',
    'Run psql with its DSN from its machine: network, certificate or credentials',
    'Start it again, and watch that it says healthy',
  ],
  dashboard: 'database',
  rules: [
    { expr: `brownie_health_status{${job},dependency="database"} == 0`, for: '2m', severity: 'warning' },
  ],
  inhibitedBy: explainedByOutage,
  cases: {
    fires: fires('6m', oneLosesIt, {
      labels: { job: 'brownie-api', instance: 'a:8080', dependency: 'database' },
    }),
    quietJustBelow: quiet('20m', { series: { [seenBy('a')]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('5m45s', oneLosesIt),
    resolves: quiet('10m', oneLosesIt),
    noData: quietWithoutData,
    noTraffic: quiet('20m', {
      series: { [seenBy('a')]: gauge([1, 30]), [seenBy('a', 'redis')]: gauge([0, 30]) },
    }),
  },
};
