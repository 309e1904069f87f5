import { balancerResponseErrors } from '../alerts/balancer-response-errors.ts';
import { frontDown, frontProbeDown } from '../alerts/front-down.ts';
import { frontJob } from '../selectors.ts';
import type { Row } from './panel.ts';
import { watchedTarget } from './watch.ts';

/** What a client meets before the service. */
export const overviewFront: Row = {
  title: 'Front',
  panels: [
    {
      kind: 'states',
      title: 'From outside',
      description: 'Whether the address that clients use gives a good reply through the load balancer.',
      unit: 'number',
      targets: [watchedTarget(frontDown, '{{instance}}')],
      watchedBy: [{ alert: frontDown }],
      words: { 0: 'no good reply', 1: 'answers' },
      width: 6,
    },
    {
      kind: 'states',
      title: 'Prober',
      description: 'Whether the program that asks from outside answers Prometheus.',
      unit: 'number',
      targets: [watchedTarget(frontProbeDown, '{{instance}}')],
      watchedBy: [{ alert: frontProbeDown }],
      words: { 0: 'down', 1: 'up' },
      width: 6,
    },
    {
      kind: 'graph',
      title: 'Response time from outside',
      description:
        'How long /health/live took with everything that a client meets: the name, TLS, the load balancer.',
      unit: 'seconds',
      targets: [{ expr: `probe_duration_seconds{${frontJob}}`, legend: '{{instance}}' }],
      width: 6,
    },
    {
      kind: 'graph',
      title: 'Replies broken off',
      description:
        'Replies that HAProxy waited for and that did not come, in 15 minutes; nothing where nginx is used.',
      unit: 'number',
      targets: [watchedTarget(balancerResponseErrors, 'broken off')],
      watchedBy: [{ alert: balancerResponseErrors }],
      width: 6,
    },
  ],
};
