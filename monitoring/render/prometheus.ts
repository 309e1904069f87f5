import { environmentLabel } from '../selectors.ts';
import { scaled, type TimeScale } from './time-scale.ts';

export interface PrometheusOptions {
  /** `host:port` of each instance. */
  readonly targets: readonly string[];
  /** What the targets are: the value of the label that tells environments apart. */
  readonly environment: string;
  /** `host:port` of each Alertmanager. */
  readonly alertmanagers: readonly string[];
  readonly timeScale: TimeScale;
}

/**
 * prometheus.yml. The rules count on its job's name, on four scrapes a minute (windows of a minute hold enough of them) and on an
 * evaluation as often.
 */
export function prometheusConfig(options: PrometheusOptions): object {
  const { targets, environment, alertmanagers, timeScale } = options;
  const interval = scaled('15s', timeScale);
  return {
    global: {
      scrape_interval: interval,
      scrape_timeout: scaled('10s', timeScale),
      evaluation_interval: interval,
    },
    rule_files: ['rules/recordings.yml', 'rules/alerts.yml', 'rules/escalation.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    scrape_configs: [
      {
        job_name: 'brownie-api',
        static_configs: [{ targets, labels: { [environmentLabel]: environment } }],
      },
    ],
  };
}
