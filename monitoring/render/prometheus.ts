import { environmentLabel } from '../selectors.ts';
import { scaled, type TimeScale } from './time-scale.ts';

export interface PrometheusOptions {
  /** `host:port` of each instance. */
  readonly targets: readonly string[];
  /** What the targets are: the value of the label that tells environments apart. */
  readonly environment: string;
  /** What the prober asks as a client does: addresses of the load balancer, with `/health/live`. */
  readonly fronts: readonly string[];
  /** `host:port` of the prober, a blackbox exporter. */
  readonly prober: string;
  /** `host:port` of HAProxy's own figures, where it is the load balancer. */
  readonly haproxies: readonly string[];
  /** `host:port` of each Alertmanager. */
  readonly alertmanagers: readonly string[];
  readonly timeScale: TimeScale;
}

/**
 * prometheus.yml. The rules count on its job's name, on four scrapes a minute (windows of a minute hold enough of them) and on an
 * evaluation as often.
 */
export function prometheusConfig(options: PrometheusOptions): object {
  const { targets, environment, fronts, prober, haproxies, alertmanagers, timeScale } = options;
  const interval = scaled('15s', timeScale);
  const labels = { [environmentLabel]: environment };
  return {
    global: {
      scrape_interval: interval,
      scrape_timeout: scaled('10s', timeScale),
      evaluation_interval: interval,
    },
    rule_files: ['rules/recordings.yml', 'rules/alerts.yml', 'rules/escalation.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    scrape_configs: [
      { job_name: 'brownie-api', static_configs: [{ targets, labels }] },
      {
        job_name: 'brownie-front',
        metrics_path: '/probe',
        params: { module: ['http_2xx'] },
        static_configs: [{ targets: fronts, labels }],
        relabel_configs: askedThrough(prober),
      },
      ...(haproxies.length === 0
        ? []
        : [{ job_name: 'brownie-haproxy', static_configs: [{ targets: haproxies, labels }] }]),
    ],
  };
}

/** The address becomes a parameter and the name of the instance; what is scraped is the prober. */
const askedThrough = (prober: string): readonly object[] => [
  { source_labels: ['__address__'], target_label: '__param_target' },
  { source_labels: ['__param_target'], target_label: 'instance' },
  { target_label: '__address__', replacement: prober },
];
