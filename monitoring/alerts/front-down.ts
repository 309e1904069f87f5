import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { frontJob } from '../selectors.ts';
import { gauge } from '../series.ts';

const instance = 'https://api.example.com/health/live';
const labels = { job: 'brownie-front', instance };
const probe = `probe_success{job="brownie-front",instance="${instance}"}`;
const exporter = `up{job="brownie-front",instance="${instance}"}`;
const goes = { series: { [probe]: gauge([1, 4], [0, 6], [1, 20]) } };
/** Away for a quarter of an hour, and APIDown beside it. */
const besideApiDown = (values: string) => ({
  series: {
    [probe]: gauge([1, 4], [0, 16]),
    'ALERTS{alertname="APIDown",alertstate="firing",severity="critical"}': values,
  },
});

export const frontDown: Alert = {
  name: 'FrontDown',
  team: 'oncall',
  summary: 'The Brownie API does not answer from outside',
  condition: 'no good reply through the load balancer for 2 minutes',
  description: '{{ $labels.instance }} gives no good reply from outside, though instances answer Prometheus.',
  why:
    'Prometheus asks the instances themselves: a load balancer that is gone, its certificate that has expired and a name that ' +
    'leads nowhere leave all of them up. So somebody asks as a client does, with the name and the certificate that clients ' +
    'meet. What is asked is /health/live, which no dependency fails. Where no instance is up, APIDown pages for it; two ' +
    'minutes let that one come first, and outlive a restart of the load balancer.',
  nextSteps: [
    'Ask it yourself from outside the network: `curl -v`. Its last line says whether the name, the certificate or the reply is at fault',
    'The load balancer: does it run, and what does the end of its log say',
    'An expired certificate: put the new one in its place and reload the load balancer',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: [
        `probe_success{${frontJob}} == 0`,
        'unless on (environment) ALERTS{alertname="APIDown",alertstate="firing"}',
      ].join('\n'),
      for: '2m',
      severity: 'critical',
    },
  ],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('6m', goes, { labels }),
    quietJustBelow: quiet('20m', { series: { [probe]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('5m45s', goes),
    resolves: quiet('10m', goes),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: { [probe]: gauge([1, 30]) } }),
    more: {
      'no instance is up either': quiet('15m', besideApiDown('_x3 1x20')),
      'the instances came back, and it did not': fires('12m', besideApiDown('_x3 1x2 stale'), { labels }),
    },
  },
};

const probeGoes = { series: { [exporter]: gauge([1, 4], [0, 14], [1, 20]) } };

export const frontProbeDown: Alert = {
  name: 'FrontProbeDown',
  team: 'infrastructure',
  summary: 'Nobody asks the Brownie API from outside',
  condition: 'the prober does not answer Prometheus for 10 minutes',
  description: 'The prober of {{ $labels.instance }} does not answer Prometheus: FrontDown cannot fire.',
  why:
    'While the prober is away, a dead load balancer is seen by nobody but clients. That is no outage yet, so nobody is woken; ten ' +
    'minutes outlive its update.',
  nextSteps: [
    'See on the page of targets of Prometheus why it does not answer',
    'Start the prober (blackbox exporter) again, and read the end of its log',
    'Ask the load balancer by hand meanwhile',
  ],
  dashboard: 'overview',
  rules: [{ expr: `up{${frontJob}} == 0`, for: '10m', severity: 'warning' }],
  cases: {
    fires: fires('14m', probeGoes, { labels }),
    quietJustBelow: quiet('20m', { series: { [exporter]: gauge([1, 30]) } }),
    quietBeforeFor: quiet('13m45s', probeGoes),
    resolves: quiet('18m', probeGoes),
    noData: quietWithoutData,
    noTraffic: quiet('20m', { series: { [exporter]: gauge([1, 30]) } }),
  },
};
