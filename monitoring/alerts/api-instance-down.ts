import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const one = 'up{job="brownie-api",instance="a:8080"}';
const oneGoes = {
  series: {
    [one]: gauge([1, 4], [0, 6], [1, 20]),
    'up{job="brownie-api",instance="b:8080"}': gauge([1, 30]),
  },
};

export const apiInstanceDown: Alert = {
  name: 'APIInstanceDown',
  team: 'infrastructure',
  summary: 'An instance of the Brownie API is down',
  condition: 'one instance does not answer for 2 minutes',
  description: '{{ $labels.instance }} has not answered Prometheus for two minutes; others do.',
  why:
    'The others carry on, so nobody is woken. Two minutes are longer than a restart takes, drain included; an instance that ' +
    'was removed on purpose leaves discovery, and this alert with it.',
  nextSteps: [
    'See whether the instance was stopped on purpose',
    'Read the end of its log; start it again',
    'Check on the dashboard that the rest has the capacity to carry its load',
  ],
  dashboard: 'overview',
  rules: [{ expr: `up{${job}} == 0`, for: '2m', severity: 'warning' }],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('6m', oneGoes, { labels: { job: 'brownie-api', instance: 'a:8080' } }),
    quietJustBelow: quiet('20m', { series: { [one]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('5m45s', oneGoes),
    resolves: quiet('10m', oneGoes),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: { [one]: gauge([1, 30]) } }),
  },
};
