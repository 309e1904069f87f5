import type { Alert } from '../alert.ts';
import { fires } from '../alert-case.ts';
import { gauge } from '../series.ts';

const always = { because: 'it always fires: its absence is the alarm' };

export const watchdog: Alert = {
  name: 'Watchdog',
  team: 'infrastructure',
  summary: 'Alerting works',
  condition: "always: a dead man's switch outside calls when it stops arriving",
  description: 'This alert always fires. Whoever receives it raises the alarm when it stops coming.',
  why:
    'Nothing else tells of the death of Prometheus or Alertmanager. It is sent every minute to a dead man’s switch outside of ' +
    'both, which calls when it has heard nothing for five.',
  nextSteps: [
    'See whether Prometheus runs, and whether it reaches Alertmanager',
    'See whether Alertmanager runs, and whether it reaches the dead man’s switch',
    'Until it is back, watch /health of the service by hand',
  ],
  dashboard: 'overview',
  rules: [{ expr: 'vector(1)', severity: 'none' }],
  cases: {
    fires: fires('0s', { series: { 'up{job="brownie-api",instance="a:8080"}': gauge([1, 30]) } }, {}),
    quietJustBelow: always,
    quietBeforeFor: always,
    resolves: always,
    noData: fires('1h', { series: {} }, {}),
    noTraffic: fires('20m', { series: { 'up{job="brownie-api",instance="a:8080"}': gauge([1, 30]) } }, {}),
    more: {
      'with the whole service down': fires(
        '20m',
        { series: { 'up{job="brownie-api",instance="a:8080"}': gauge([0, 30]) } },
        {},
      ),
      'after a week': fires('7d', { series: {}, evaluation: '1d' }, {}),
    },
  },
};
