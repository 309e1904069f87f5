import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { counter, type Phase } from '../series.ts';

const failing = (...phases: readonly Phase[]) => ({
  series: {
    'authentication_failures_total{job="brownie-api",instance="a:8080",reason="wrong_credentials"}': counter(
      ...phases,
    ),
    'authentication_failures_total{job="brownie-api",instance="b:8080",reason="missing_token"}': counter([
      0, 60,
    ]),
  },
});
const perMinute = `sum by (environment) (rate(authentication_failures_total{${job}}[5m])) * 60`;

export const authenticationFailures: Alert = {
  name: 'AuthenticationFailures',
  team: 'security',
  summary: 'Many authentication failures',
  condition: 'more than 50 a minute',
  description:
    '{{ $value | humanize }} authentications a minute fail: an attack, or a client with a stale token.',
  why:
    'More than 50 a minute over all instances and reasons. The mean of 5 minutes, so that a burst of 250 counts wherever it ' +
    'lies; one minute more, so that a single scrape does not page. Addresses are in the access log, not in labels.',
  nextSteps: [
    'See by reason what fails: wrong_credentials is guessing, invalid_token is usually a client that does not log in again',
    'Find the addresses and accounts in the access log',
    'Block the address at the load balancer; deactivate an account that was guessed',
  ],
  dashboard: 'authentication',
  rules: [{ expr: `${perMinute} > 50`, for: '1m', severity: 'critical' }],
  cases: {
    fires: fires('11m', failing([0, 5], [60, 10], [0, 30]), { value: '60' }),
    quietJustBelow: quiet('30m', failing([49, 60])),
    quietBeforeFor: quiet('10m', failing([0, 5], [60, 10], [0, 30])),
    resolves: quiet('16m', failing([0, 5], [60, 10], [0, 30])),
    noData: quietWithoutData,
    noTraffic: quiet('30m', failing([0, 60])),
    more: {
      'just above': fires('30m', failing([51, 60]), { value: '51' }),
    },
  },
};

export const elevatedAuthenticationFailures: Alert = {
  name: 'ElevatedAuthenticationFailures',
  team: 'security',
  summary: 'More authentication failures than usual',
  condition: 'more than 10 a minute for 5 minutes',
  description: '{{ $value | humanize }} authentications a minute fail.',
  why:
    'The lower tier of AuthenticationFailures: more than 10 a minute for 5 minutes is more than people mistype. It is worth a ' +
    'look in working hours: slow guessing looks like this.',
  nextSteps: [
    'See by reason what fails',
    'Find the addresses and accounts in the access log',
    'Tell the owner of a client that keeps sending an old token',
  ],
  dashboard: 'authentication',
  rules: [{ expr: `${perMinute} > 10`, for: '5m', severity: 'warning' }],
  inhibitedBy: [{ by: 'AuthenticationFailures' }],
  cases: {
    fires: fires('15m', failing([0, 5], [12, 20], [0, 30]), { value: '12' }),
    quietJustBelow: quiet('30m', failing([9, 60])),
    quietBeforeFor: quiet('14m', failing([0, 5], [12, 20], [0, 30])),
    resolves: quiet('26m', failing([0, 5], [12, 20], [0, 30])),
    noData: quietWithoutData,
    noTraffic: quiet('30m', failing([0, 60])),
    more: {
      'just above': fires('30m', failing([11, 60]), { value: '11' }),
    },
  },
};
