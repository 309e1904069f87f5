import { apiInstanceDown } from '../alerts/api-instance-down.ts';
import { configReloadFailed } from '../alerts/config-reload-failed.ts';
import { eventLoopLag } from '../alerts/event-loop-lag.ts';
import { highCpuUsage } from '../alerts/high-cpu-usage.ts';
import { highMemoryUsage } from '../alerts/high-memory-usage.ts';
import { logWriteFailing } from '../alerts/log-write-failing.ts';
import { maintenanceModeOverrun } from '../alerts/maintenance-mode-overrun.ts';
import { job } from '../selectors.ts';
import type { Row } from './panel.ts';
import { gauge, rate } from './queries.ts';
import { watchedTarget } from './watch.ts';

const instance = '{{instance}}';

/** How each instance is. */
export const overviewInstances: Row = {
  title: 'Instances',
  panels: [
    {
      kind: 'states',
      title: 'Up',
      description: 'Whether Prometheus could scrape each instance.',
      unit: 'number',
      targets: [watchedTarget(apiInstanceDown, instance)],
      watchedBy: [{ alert: apiInstanceDown }],
      words: { 0: 'down', 1: 'up' },
    },
    {
      kind: 'states',
      title: 'Configuration',
      description:
        'Whether the last reload of the configuration was accepted; else the old one is still in use.',
      unit: 'number',
      targets: [watchedTarget(configReloadFailed, instance)],
      watchedBy: [{ alert: configReloadFailed }],
      words: { 0: 'reload failed', 1: 'as loaded' },
    },
    {
      kind: 'states',
      title: 'Draining',
      description: 'Instances that finish their work and take no more.',
      unit: 'number',
      targets: [{ expr: gauge('draining'), legend: instance }],
      words: { 0: 'serving', 1: 'draining' },
    },
    {
      kind: 'states',
      title: 'Maintenance',
      description: 'Instances that refuse changes and go on with reads.',
      unit: 'number',
      targets: [{ expr: gauge('maintenance_mode'), legend: instance }],
      watchedBy: [{ alert: maintenanceModeOverrun }],
      words: { 0: 'takes changes', 1: 'maintenance' },
    },
    {
      kind: 'graph',
      title: 'Log lines not written',
      description:
        'Attempts to write the log that failed, and lines that were lost, within 5 minutes. The service goes on.',
      unit: 'number',
      targets: [watchedTarget(logWriteFailing, instance)],
      watchedBy: [{ alert: logWriteFailing }],
    },
    {
      kind: 'graph',
      title: 'CPU usage',
      description: 'Of one core: JavaScript runs on one, password hashes on others.',
      unit: 'share',
      targets: [watchedTarget(highCpuUsage, instance)],
      watchedBy: [{ alert: highCpuUsage }],
    },
    {
      kind: 'graph',
      title: 'Memory usage',
      description: 'Of what the process may use: the limit of its cgroup, or the memory of the machine.',
      unit: 'share',
      targets: [watchedTarget(highMemoryUsage, instance)],
      watchedBy: [{ alert: highMemoryUsage }],
    },
    {
      kind: 'graph',
      title: 'Event loop lag, P99',
      description: 'How late the event loop is: what every request may wait before anything is done for it.',
      unit: 'seconds',
      targets: [watchedTarget(eventLoopLag, instance)],
      watchedBy: [{ alert: eventLoopLag }],
    },
    {
      kind: 'graph',
      title: 'Heap in use',
      description: 'A slope that never falls over days is a leak; a step is load.',
      unit: 'bytes',
      targets: [{ expr: gauge('nodejs_heap_size_used_bytes'), legend: instance }],
    },
    {
      kind: 'graph',
      title: 'Garbage collection',
      description: 'The share of time that is spent collecting garbage.',
      unit: 'share',
      targets: [{ expr: `sum by (instance) (${rate('nodejs_gc_duration_seconds_sum')})`, legend: instance }],
    },
    {
      kind: 'graph',
      title: 'Versions',
      description: 'Instances by the version that they run: two during a deployment, else one.',
      unit: 'number',
      targets: [
        {
          expr: `count by (version, node_version) (build_info{${job}})`,
          legend: '{{version}} on Node {{node_version}}',
        },
      ],
    },
  ],
};
