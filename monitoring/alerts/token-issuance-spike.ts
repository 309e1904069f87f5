import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { counter, type Phase } from '../series.ts';

const issuing = (...phases: readonly Phase[]) => ({
  series: { 'jwt_tokens_issued_total{job="brownie-api",instance="a:8080"}': counter(...phases) },
});
const metric = `jwt_tokens_issued_total{${job}}`;
const spikes = issuing([10, 120], [40, 30], [10, 120]);

export const tokenIssuanceSpike: Alert = {
  name: 'TokenIssuanceSpike',
  team: 'security',
  summary: 'Unusually many tokens are issued',
  condition: 'three times the hour before for 5 minutes',
  description:
    '{{ $value | humanize }} tokens a second are issued, more than three times the rate of the hour before.',
  why:
    'Three times the hour that ended ten minutes ago, which the spike has not yet touched; and more than 50 in 5 minutes, so ' +
    'that the first logins of a morning are no spike. Five minutes outlive the restart of a client with many workers.',
  nextSteps: [
    'See who logs in: the access log has the addresses, the audit trail the users who signed up',
    'A deployment of a client that logs in for every request looks like this: ask its owner',
    'A stolen password looks like this, too: deactivate the account',
  ],
  dashboard: 'authentication',
  rules: [
    {
      expr: [
        `sum by (environment) (rate(${metric}[5m])) > 3 * sum by (environment) (rate(${metric}[1h] offset 10m))`,
        `and sum by (environment) (increase(${metric}[5m])) > 50`,
      ].join('\n'),
      for: '5m',
      severity: 'warning',
    },
  ],
  cases: {
    fires: fires('130m', spikes, { value: '666.7m' }),
    quietJustBelow: quiet('130m', issuing([20, 120], [55, 30])),
    quietBeforeFor: quiet('127m', spikes),
    resolves: quiet('160m', spikes),
    noData: quietWithoutData,
    noTraffic: quiet('3h', issuing([0, 240])),
    more: {
      'more than an hour ago there were as many': fires('130m', issuing([40, 55], [10, 65], [40, 30]), {
        value: '666.7m',
      }),
      'half an hour ago there were more': quiet('129m', issuing([10, 60], [20, 30], [5, 30], [36, 30])),
      'the spike itself is not what it is compared with': fires('130m', issuing([10, 120], [33, 30]), {
        value: '550m',
      }),
      'ten minutes before it there were more': quiet('130m', issuing([10, 110], [25, 10], [33, 30])),
      '45 in five minutes': quiet('132m', issuing([0.5, 120], [9, 30])),
      '60 in five minutes': fires('130m', issuing([0.5, 120], [12, 30]), { value: '200m' }),
    },
  },
};
