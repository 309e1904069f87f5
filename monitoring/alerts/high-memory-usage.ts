import type { Alert } from '../alert.ts';
import { fires, quiet, quietWithoutData } from '../alert-case.ts';
import { job } from '../selectors.ts';
import { gauge } from '../series.ts';

const labels = { job: 'brownie-api', instance: 'a:8080' };
const mebibyte = 1_048_576;
const uses = (...mebibytes: readonly (readonly [number, number])[]) => ({
  series: {
    'process_resident_memory_bytes{job="brownie-api",instance="a:8080"}': gauge(
      ...mebibytes.map(([value, minutes]) => [value * mebibyte, minutes] as const),
    ),
    'process_memory_limit_bytes{job="brownie-api",instance="a:8080"}': gauge([500 * mebibyte, 60]),
  },
});
const usesForAWhile = uses([100, 5], [440, 15], [100, 20]);

export const highMemoryUsage: Alert = {
  name: 'HighMemoryUsage',
  team: 'infrastructure',
  summary: 'Memory usage is high',
  condition: 'more than 85 % of its limit for 5 minutes',
  description: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of the memory that it may use.',
  why:
    'Of the limit of its cgroup, or of the machine where there is none: at 100 % the kernel kills it. Garbage collection ' +
    'brings a healthy process back; above 85 % for 5 minutes it does not.',
  nextSteps: [
    'Look at the heap over days: a slope that never falls is a leak, a step is load',
    'Restart the instance, one at a time, before the kernel does it',
    'Raise the limit if the load is what it should be',
  ],
  dashboard: 'overview',
  rules: [
    {
      expr: `process_resident_memory_bytes{${job}} / process_memory_limit_bytes{${job}} > 0.85`,
      for: '5m',
      severity: 'warning',
    },
  ],
  inhibitedBy: [{ by: 'APIDown' }],
  cases: {
    fires: fires('10m', usesForAWhile, { labels, value: '88%' }),
    quietJustBelow: quiet('30m', uses([424, 60])),
    quietBeforeFor: quiet('9m45s', usesForAWhile),
    resolves: quiet('20m', usesForAWhile),
    noData: quietWithoutData,
    noTraffic: quiet('30m', uses([80, 60])),
  },
};
