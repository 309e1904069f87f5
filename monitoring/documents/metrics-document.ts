import { createMetrics } from '../../src/platform/observability/metrics.ts';
import { exporterMetrics } from '../exporters.ts';
import { alertsUsing, dashboardsUsing, recordings } from './metric-uses.ts';

interface Metric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** Those that the kernel of Linux alone tells of. */
export const onLinuxOnly: readonly string[] = [
  'process_heap_bytes',
  'process_max_fds',
  'process_open_fds',
  'process_virtual_memory_bytes',
];

/** Every metric of the service, in the order of its registry. */
function serviceMetrics(): Metric[] {
  const { registry } = createMetrics({
    version: '0',
    pool: { active: () => 0, idle: () => 0, waiting: () => 0, max: 0 },
  });
  return registry.getMetricsAsArray().map((metric) => ({
    name: metric.name,
    type: String(metric.type),
    labels: 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [],
    help: metric.help,
  }));
}

const sections: readonly { readonly title: string; readonly has: RegExp }[] = [
  { title: 'Requests', has: /^http_/ },
  { title: 'Database and audit trail', has: /^(database|db|audit)_/ },
  { title: 'Authentication', has: /^(jwt|authentication|account|password)_/ },
  { title: 'Mail', has: /^mail_/ },
  { title: 'Agents', has: /^mcp_/ },
  {
    title: 'Service',
    has: /^(build|brownie|config|tls)_|^draining$|^maintenance_|^quota_|^log_|^process_memory_limit_bytes$/,
  },
  { title: 'Backups', has: /^(backup|restore|wal)_/ },
  { title: 'Process', has: /^(process|nodejs)_/ },
];

const sectionOf = (name: string): string | undefined => sections.find(({ has }) => has.test(name))?.title;

const introduction = `# Metrics

<!-- Made by monitoring/generate/metrics-docs.ts from the registry, the alerts and the dashboards. Change those, then run it. -->

What \`/metrics\` shows: in Prometheus' text format, or in OpenMetrics for whoever asks for it by \`Accept\`, as Prometheus does. There a
bucket of \`http_request_duration_seconds\` names the trace of the last request that fell into it, where one is kept. The series are the same.
 Every series that an alert depends on is there at 0 from the first scrape, so
that no rule misses the first error.

Labels are bounded, whatever clients send: \`endpoint\` is the template of a route (\`/api/v1/users/:user_id\`), or \`unmatched\` for
everything that reached none; \`method\` is one of five, or \`OTHER\`; \`status\` is the HTTP status. No label holds an organization, a
user or an address: those are in the access log. A histogram has the series \`_bucket\`, \`_sum\` and \`_count\`.
`;

const exporterIntroduction = `
## Beside the service

What alerts and dashboards read of other programs: of the prober (Prometheus' blackbox exporter, job \`brownie-front\`), which asks from
outside as a client does, and of HAProxy (job \`brownie-haproxy\`) where it is the load balancer.
`;

const recordedIntroduction = `
## Recorded series

Prometheus computes these from the metrics above (\`deploy/prometheus/rules/recordings.yml\`): what would be slow to ask for each
time, and the ratios that the objectives are measured by.
`;

/** docs/metrics.md: every metric with its type, labels, meaning and where it is used. */
export function metricsDocument(): string {
  const metrics = serviceMetrics();
  const homeless = metrics.filter(({ name }) => sectionOf(name) === undefined);
  if (homeless.length > 0) {
    throw new Error(`no section of docs/metrics.md takes ${homeless.map(({ name }) => name).join(', ')}`);
  }
  const parts = sections.map(({ title }) => {
    const rows = metrics.filter(({ name }) => sectionOf(name) === title).map(row);
    return `\n## ${title}\n\n${table(headings, rows)}\n`;
  });
  const recorded = recordings.map(({ name }) => [code(name), ...uses(name)]);
  return [
    introduction,
    ...parts,
    exporterIntroduction,
    `\n${table(headings, exporterMetrics.map(row))}\n`,
    recordedIntroduction,
    `\n${table(['series', 'alerts', 'dashboards'], recorded)}\n`,
  ].join('');
}

const headings = ['metric', 'type', 'labels', 'what it tells', 'alerts', 'dashboards'];

const row = ({ name, type, labels, help }: Metric): string[] => [
  code(name),
  type,
  labels.map(code).join(', '),
  onLinuxOnly.includes(name) ? `${help} Linux only.` : help,
  ...uses(name),
];

const uses = (name: string): string[] => [
  alertsUsing(name)
    .map((alert) => `[${alert}](runbooks/${alert}.md)`)
    .join(', '),
  dashboardsUsing(name).join(', '),
];

const code = (text: string): string => `\`${text}\``;

// @NOTE not aligned: the longest cell is long, and each row would be as wide.
const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
