import type { Alert } from '../alert.ts';
import { fires, quiet } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const up = 'up{job="brownie-api",instance="a:8080"}';
const other = 'up{job="brownie-api",instance="b:8080"}';
const bothGo = { series: { [up]: gauge([1, 4], [0, 11], [1, 10]), [other]: gauge([1, 5], [0, 10]) } };

export const apiDown: Alert = {
  name: 'APIDown',
  team: 'oncall',
  summary: 'Brownie API is down',
  description: 'No instance of the API answers Prometheus, or none is known to it any more.',
  why:
    'One instance that answers is enough to serve, so only the loss of all pages. A target that vanished from service ' +
    'discovery leaves no `up` at all, hence `or vector(0)`. One minute outlives four missed scrapes and a restart.',
  nextSteps: [
    'Ask an instance itself: `curl` its /health/live. If it answers, the network or the discovery of Prometheus is at fault',
    'Start the instances again, and read the first error in their logs',
    'If they end at once: the last line of the log says what is wrong with the configuration or the database',
  ],
  dashboard: 'overview',
  rules: [{ expr: `(sum(up{${job}}) or vector(0)) == 0`, for: '1m', severity: 'critical' }],
  cases: {
    fires: fires('6m', bothGo, {}),
    quietJustBelow: quiet('20m', { series: { [up]: gauge([0, 30]), [other]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('5m45s', bothGo),
    resolves: quiet('16m', bothGo),
    noData: fires('1m', { series: {} }, {}),
    noTraffic: quiet('20m', { series: { [up]: gauge([1, 30]) } }),
    more: {
      'the last target vanishes from discovery': fires('30m', { series: { [up]: gauge([1, 10]) } }, {}),
      'two are down and one is up': quiet('20m', {
        series: { [up]: gauge([0, 30]), [other]: gauge([0, 30]), [up.replace('a:', 'c:')]: gauge([1, 30]) },
      }),
    },
  },
};
