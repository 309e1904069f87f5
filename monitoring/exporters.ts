/** A metric of a program beside the service. */
export interface ExporterMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly labels: readonly string[];
  /** The job that scrapes it. */
  readonly job: 'brownie-front' | 'brownie-haproxy';
  readonly help: string;
}

/** What the alerts and dashboards read of other programs: the blackbox exporter, which asks from outside, and HAProxy. */
export const exporterMetrics: readonly ExporterMetric[] = [
  {
    name: 'probe_success',
    type: 'gauge',
    labels: [],
    job: 'brownie-front',
    help: 'Whether the address that clients use gave a good reply.',
  },
  {
    name: 'probe_duration_seconds',
    type: 'gauge',
    labels: [],
    job: 'brownie-front',
    help: 'How long that took, the name and TLS included.',
  },
  {
    name: 'probe_ssl_earliest_cert_expiry',
    type: 'gauge',
    labels: [],
    job: 'brownie-front',
    help: 'When the first certificate of the chain that clients meet expires, in seconds since 1970; over HTTPS only.',
  },
  {
    name: 'haproxy_backend_response_errors_total',
    type: 'counter',
    labels: ['proxy'],
    job: 'brownie-haproxy',
    help: 'Replies that HAProxy waited for and that did not come, `brownie_api` being the instances.',
  },
];
