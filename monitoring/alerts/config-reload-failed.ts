import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const labels = { job: 'brownie-api', instance: 'a:8080' };
const reload = (...phases: readonly (readonly [number, number])[]) => ({
  series: { 'config_reload_success{job="brownie-api",instance="a:8080"}': gauge(...phases) },
});
const fails = reload([1, 4], [0, 6], [1, 20]);

export const configReloadFailed: Alert = {
  name: 'ConfigReloadFailed',
  team: 'infrastructure',
  summary: 'A reload of the configuration failed',
  condition: 'a reload was refused',
  description: '{{ $labels.instance }} refused its new configuration and goes on with the old one.',
  why:
    'The instance serves as before, but would not start again: better known before the next restart. One minute is time for ' +
    'whoever sent the signal to see it themselves.',
  nextSteps: [
    'Run `brownie config` with the environment of the service: it names every fault',
    'Mend the faults and reload again',
    'Until then, do not restart the instance',
  ],
  dashboard: 'overview',
  rules: [{ expr: `config_reload_success{${job}} == 0`, for: '1m', severity: 'warning' }],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('5m', fails, { labels }),
    quietJustBelow: quiet('20m', reload([1, 30])),
    quietBeforeFor: quiet('4m45s', fails),
    resolves: quiet('10m', fails),
    noData: quietWithoutData,
    noTraffic: quiet('20m', reload([1, 30])),
  },
};
