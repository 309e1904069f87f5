import type { Alert } from '../alert.ts';
import { fires, quiet } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const known = `last_over_time(up{${job}}[1d])`;
const up = 'up{job="brownie-api",instance="a:8080"}';
const other = 'up{job="brownie-api",instance="b:8080"}';
const vanished = { series: { [up]: '1' }, evaluation: '10m' } as const;
const alone = { ...vanished, isAlone: true } as const;
const bothGo = { series: { [up]: gauge([1, 4], [0, 11], [1, 10]), [other]: gauge([1, 5], [0, 10]) } };

export const apiDown: Alert = {
  name: 'APIDown',
  team: 'oncall',
  summary: 'Brownie API is down',
  condition: 'no instance answers for 1 minute',
  description: 'No instance of the API answers Prometheus, or none is known to it any more.',
  why:
    'One instance of an environment that answers is enough to serve, so only the loss of all pages. Targets that vanished from ' +
    'service discovery leave no `up` at all: an environment of which one was known within the last day counts as down, and so does ' +
    'a Prometheus that has known none for a day. One minute outlives four missed scrapes and a restart.',
  nextSteps: [
    'Ask an instance itself: `curl` its /health/live. If it answers, the network or the discovery of Prometheus is at fault',
    'Start the instances again, and read the first error in their logs',
    'If they end at once: the last line of the log says what is wrong with the configuration or the database',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: [
        `(sum by (environment) (up{${job}})`,
        `or 0 * max by (environment) (${known})`,
        `or vector(0) unless on () ${known}) == 0`,
      ].join('\n'),
      for: '1m',
      severity: 'critical',
    },
  ],
  cases: {
    fires: fires('6m', bothGo, {}),
    quietJustBelow: quiet('20m', { series: { [up]: gauge([0, 30]), [other]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('5m45s', bothGo),
    resolves: quiet('16m', bothGo),
    noData: fires('1m', { series: {} }, { labels: { environment: '' } }),
    noTraffic: quiet('20m', { series: { [up]: gauge([1, 30]) } }),
    more: {
      'the last target vanishes from discovery': fires('30m', { series: { [up]: gauge([1, 10]) } }, {}),
      'it vanished 23 hours ago': fires('23h', vanished, {}),
      'it vanished 23 hours ago, and no other environment is known': fires('23h', alone, {}),
      'it vanished 25 hours ago, and another environment is up': quiet('25h', vanished),
      'nothing has been known for 25 hours': fires('25h', alone, { labels: { environment: '' } }),
      'two are down and one is up': quiet('20m', {
        series: { [up]: gauge([0, 30]), [other]: gauge([0, 30]), [up.replace('a:', 'c:')]: gauge([1, 30]) },
      }),
    },
  },
};
