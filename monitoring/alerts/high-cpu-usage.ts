import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { counter, type Phase } from '../series.ts';

const labels = { job: 'brownie-api', instance: 'a:8080' };
const busy = (...phases: readonly Phase[]) => ({
  series: { 'process_cpu_seconds_total{job="brownie-api",instance="a:8080"}': counter(...phases) },
});
const busyForAWhile = busy([6, 5], [54, 15], [6, 20]);

export const highCpuUsage: Alert = {
  name: 'HighCPUUsage',
  team: 'infrastructure',
  summary: 'CPU usage is high',
  condition: 'more than 80 % of a core for 5 minutes',
  description: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of a core.',
  why:
    'Of one core, whatever the machine has: JavaScript runs on one, so 100 % of it is the end even where the machine looks ' +
    'idle. Password hashes are computed on others and count as well. 80 % for 5 minutes leaves room for a burst.',
  nextSteps: [
    'Compare with the request rate: has the load grown?',
    'If event loop lag rises too, add an instance',
    'If the rate has not grown, see what changed: a deployment, larger pages, a burst of logins',
  ],
  dashboard: 'overview',
  rules: [{ expr: `rate(process_cpu_seconds_total{${job}}[5m]) > 0.8`, for: '5m', severity: 'warning' }],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('15m', busyForAWhile, { labels, value: '90%' }),
    quietJustBelow: quiet('30m', busy([47, 60])),
    quietBeforeFor: quiet('14m', busyForAWhile),
    resolves: quiet('21m', busyForAWhile),
    noData: quietWithoutData,
    noTraffic: quiet('30m', busy([0.6, 60])),
    more: {
      'just above': fires('30m', busy([49, 60]), { labels, value: '81.67%' }),
    },
  },
};
