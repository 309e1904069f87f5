import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const seenBy = (instance: string, dependency = 'database'): string =>
  `brownie_health_status{job="brownie-api",instance="${instance}:8080",dependency="${dependency}"}`;
const goes = {
  series: {
    [seenBy('a')]: gauge([1, 4], [0, 11], [1, 10]),
    [seenBy('b')]: gauge([1, 5], [0, 10], [0, 10]),
    [seenBy('a', 'redis')]: gauge([1, 25]),
  },
};

export const databaseDown: Alert = {
  name: 'DatabaseDown',
  team: 'database',
  summary: 'The database does not answer',
  condition: 'no instance gets an answer for 1 minute',
  description:
    'No instance of the API gets an answer from PostgreSQL: every request that needs it fails with 503.',
  why:
    'Each instance asks its database about twice a second, and says 0 after two failures in a row. All of them saying so is no ' +
    'fault of one instance. One minute outlives a restart of PostgreSQL.',
  nextSteps: [
    'Ask PostgreSQL itself, from the machine of an instance: psql with the same DSN',
    'See whether it runs, has disk space and connections to give',
    'If a server certificate has expired or was changed, see CertificateExpiration',
  ],
  dashboard: 'database',
  rules: [
    {
      expr: `max by (environment) (brownie_health_status{${job},dependency="database"}) == 0`,
      for: '1m',
      severity: 'critical',
    },
  ],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('6m', goes, {}),
    quietJustBelow: quiet('20m', {
      series: { [seenBy('a')]: gauge([0, 30]), [seenBy('b')]: gauge([1, 30]) },
    }),
    quietBeforeFor: quiet('5m45s', goes),
    resolves: quiet('15m', goes),
    noData: quietWithoutData,
    noTraffic: quiet('20m', {
      series: { [seenBy('a')]: gauge([1, 30]), [seenBy('a', 'redis')]: gauge([0, 30]) },
    }),
  },
};
