import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { balancerJob } from '../selectors.ts';
import { counter } from '../series.ts';

const errors =
  'haproxy_backend_response_errors_total{job="brownie-haproxy",instance="lb:8405",proxy="brownie_api"}';
/** One in the tenth minute. */
const one = { series: { [errors]: counter([0, 9], [1, 1], [0, 30]) } };

export const balancerResponseErrors: Alert = {
  name: 'BalancerResponseErrors',
  team: 'infrastructure',
  summary: 'Instances break off connections of the load balancer',
  condition: 'a reply that HAProxy waited for did not come, within 15 minutes',
  description:
    '{{ $value | humanize }} replies that HAProxy waited for did not come in the last 15 minutes; clients may have got none.',
  why:
    'Where an instance ends a connection into which a request was sent, HAProxy closes that of the client without a reply and ' +
    'without a line in its log: this counter alone tells of it. A stop or restart by the book makes none, so a single one is of ' +
    'interest; but a client that repeats its request loses nothing, so nobody is woken. A quarter of an hour, so that one is seen.',
  nextSteps: [
    'See which instance it was, and whether it was killed or ended by itself at that time',
    'Look for a memory limit: an instance that the kernel kills answers nobody',
    'Compare the idle time-outs of what stands between: who asks has to close first',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: `sum by (environment) (increase(haproxy_backend_response_errors_total{${balancerJob},proxy="brownie_api"}[15m])) > 0`,
      severity: 'warning',
    },
  ],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('10m', one, { value: '1' }),
    quietJustBelow: quiet('30m', { series: { [errors]: counter([0, 40]) } }),
    quietBeforeFor: { because: 'it does not wait' },
    resolves: quiet('26m', one),
    noData: quietWithoutData,
    noTraffic: quiet('30m', { series: { [errors]: counter([0, 40]) } }),
    more: { 'it was ten minutes ago': fires('20m', one, { value: '1' }) },
  },
};
