import { environmentLabel } from '../selectors.ts';
import { counter } from '../series.ts';

/** Series beside those of a case, that no rule may take for ours: without its selectors each rule would give way. */
interface Noise {
  readonly series: string;
  /** Given the minutes of a history, its values. */
  readonly values: (minutes: number) => string;
  /** Of the service itself, here or in another environment; else of another job that Prometheus scrapes, too. */
  readonly of?: 'service' | 'staging';
}

const within = (environment: string, series: string): string => {
  const [name = '', labels = ''] = series.split(/[{}]/);
  return `${name}{${environmentLabel}="${environment}"${labels === '' ? '' : `,${labels}`}}`;
};

/** A series of production, unless it says otherwise. */
export const inProduction = (series: string): string =>
  series.includes(`${environmentLabel}=`) ? series : within('production', series);

const rising = (perMinute: number) => (minutes: number) => counter([perMinute, minutes]);
const constant = (value: number) => (minutes: number) => `${value}x${minutes}`;
const foreign = (metric: string, labels = ''): string =>
  `${metric}{job="other",instance="other:80"${labels}}`;
const endpoint = (metric: string, labels: string): string =>
  `${metric}{job="brownie-api",instance="a:8080",method="GET",${labels}}`;

const requests = 'http_requests_total';
const durations = 'http_request_duration_seconds';

/** Healthy, and with the addresses of production. */
const staging = (metric: string, value: number, labels = ''): Noise[] =>
  ['a', 'b'].map((instance) => ({
    series: within('staging', `${metric}{job="brownie-api",instance="${instance}:8080"${labels}}`),
    values: constant(value),
    of: 'staging',
  }));

const all: readonly Noise[] = [
  ...staging('up', 1),
  ...staging('brownie_health_status', 1, ',dependency="database"'),
  ...staging('haproxy_backend_response_errors_total', 0, ',proxy="brownie_api"'),
  ...staging('draining', 1),
  ...staging('maintenance_mode', 1),
  ...staging('maintenance_until_timestamp_seconds', 9_999_999_999),
  ...staging('maintenance_started_timestamp_seconds', 9),
  ...staging('database_connections_active', 0),
  ...staging('database_connections_max', 1000),
  { series: within('elsewhere', foreign('up')), values: constant(1) },
  { series: 'ALERTS{alertname="AuthenticationFailures",alertstate="firing"}', values: constant(1) },
  { series: 'ALERTS{alertname="DatabaseDown",alertstate="pending"}', values: constant(1) },
  {
    series: 'ALERTS{alertname="ErrorBudgetBurn",alertstate="pending",long_window="1h"}',
    values: constant(1),
  },
  {
    series: 'ALERTS{alertname="LatencyBudgetBurn",alertstate="pending",long_window="1h"}',
    values: constant(1),
  },
  {
    series: 'ALERTS{alertname="DatabaseDown",alertstate="firing",environment="staging"}',
    values: constant(1),
  },
  { series: 'ALERTS{alertname="APIDown",alertstate="pending"}', values: constant(1) },
  {
    series: 'ALERTS{alertname="APIDown",alertstate="firing",environment="staging"}',
    values: constant(1),
  },
  { series: foreign('up'), values: constant(1) },
  { series: 'up{job="other",instance="gone:80"}', values: constant(0) },
  { series: foreign(requests, ',endpoint="/",status="500"'), values: rising(100_000) },
  { series: foreign(requests, ',endpoint="/",status="200"'), values: rising(100_000) },
  { series: foreign(`${durations}_bucket`, ',endpoint="/",le="1"'), values: rising(100_000) },
  { series: foreign(`${durations}_bucket`, ',endpoint="/",le="2"'), values: rising(100_000) },
  { series: foreign(`${durations}_bucket`, ',endpoint="/",le="5"'), values: rising(700_000) },
  { series: foreign(`${durations}_bucket`, ',endpoint="/",le="+Inf"'), values: rising(700_000) },
  { series: foreign(`${durations}_count`, ',endpoint="/"'), values: rising(700_000) },
  { series: foreign('brownie_health_status', ',dependency="database"'), values: constant(1) },
  {
    series: 'brownie_health_status{job="other",instance="gone:80",dependency="database"}',
    values: constant(0),
  },
  { series: 'brownie_health_status{job="other",instance="gone:80",dependency="redis"}', values: constant(0) },
  { series: foreign('database_connections_active'), values: constant(99) },
  { series: foreign('database_connections_max'), values: constant(100) },
  { series: foreign('db_pool_wait_seconds_bucket', ',le="0.1"'), values: constant(0) },
  { series: foreign('db_pool_wait_seconds_bucket', ',le="0.5"'), values: rising(1000) },
  { series: foreign('db_pool_wait_seconds_bucket', ',le="+Inf"'), values: rising(1000) },
  { series: foreign('authentication_failures_total', ',reason="wrong_credentials"'), values: rising(1000) },
  { series: foreign('jwt_tokens_issued_total'), values: (minutes) => counter([1, minutes - 12], [9000, 12]) },
  { series: foreign('backup_age_start_timestamp_seconds'), values: constant(99_999_999) },
  { series: foreign('restore_drill_age_start_timestamp_seconds'), values: constant(99_999_999) },
  { series: foreign('wal_archive_last_success_timestamp_seconds'), values: constant(99_999_999) },
  { series: foreign('wal_archive_whole_timestamp_seconds'), values: constant(99_999_999) },
  { series: foreign('probe_success'), values: constant(0) },
  { series: foreign('probe_ssl_earliest_cert_expiry'), values: constant(3) },
  { series: foreign('haproxy_backend_response_errors_total', ',proxy="brownie_api"'), values: rising(10) },
  {
    series: 'haproxy_backend_response_errors_total{job="brownie-haproxy",instance="lb:8405",proxy="another"}',
    values: rising(10),
    of: 'service',
  },
  { series: foreign('process_cpu_seconds_total'), values: rising(110) },
  { series: foreign('process_resident_memory_bytes'), values: constant(99e6) },
  { series: foreign('process_memory_limit_bytes'), values: constant(100e6) },
  { series: foreign('nodejs_eventloop_lag_p99_seconds'), values: constant(9) },
  { series: foreign('config_reload_success'), values: constant(0) },
  { series: 'log_write_errors_total{job="other",instance="a:8080"}', values: rising(10) },
  { series: 'log_lines_lost_total{job="other",instance="a:8080"}', values: rising(10) },
  { series: foreign('mail_deliveries_total', ',result="failed"'), values: rising(10) },
  { series: foreign('brownie_replica_usable', ',replica="1"'), values: constant(0) },
  { series: foreign('jwt_signing_key_since_timestamp_seconds'), values: constant(999_999_999) },
  { series: foreign('maintenance_mode'), values: constant(1) },
  { series: 'maintenance_mode{job="other",instance="a:8080"}', values: constant(1) },
  { series: 'maintenance_mode{job="other",instance="b:8080"}', values: constant(1) },
  { series: foreign('maintenance_started_timestamp_seconds'), values: constant(99_999) },
  { series: foreign('maintenance_until_timestamp_seconds'), values: constant(99_999) },
  { series: foreign('tls_certificate_not_after_timestamp_seconds', ',name="client"'), values: constant(3) },
  { series: 'draining{job="other",instance="a:8080"}', values: constant(1) },
  { series: 'draining{job="other",instance="b:8080"}', values: constant(1) },
  { series: endpoint(requests, 'endpoint="/health",status="503"'), values: rising(1_000_000), of: 'service' },
  {
    series: endpoint(requests, 'endpoint="/health/detailed",status="200"'),
    values: rising(1_000_000),
    of: 'service',
  },
  {
    series: endpoint(requests, 'endpoint="/metrics",status="500"'),
    values: rising(1_000_000),
    of: 'service',
  },
  {
    series: endpoint(requests, 'endpoint="unmatched",status="404"'),
    values: rising(1_000_000),
    of: 'service',
  },
  {
    series: endpoint(`${durations}_bucket`, 'endpoint="/metrics",le="1"'),
    values: rising(500_000),
    of: 'service',
  },
  {
    series: endpoint(`${durations}_bucket`, 'endpoint="/metrics",le="2"'),
    values: rising(500_000),
    of: 'service',
  },
  {
    series: endpoint(`${durations}_bucket`, 'endpoint="/metrics",le="5"'),
    values: rising(900_000),
    of: 'service',
  },
  {
    series: endpoint(`${durations}_bucket`, 'endpoint="/metrics",le="+Inf"'),
    values: rising(900_000),
    of: 'service',
  },
  { series: endpoint(`${durations}_count`, 'endpoint="/metrics"'), values: rising(900_000), of: 'service' },
];

const metricOf = (series: string): string => series.split('{')[0] ?? '';

/**
 * Noise for a history of so many minutes, of these metrics. That of the service only where it has series at all: the case
 * without data has none.
 */
export function noise(
  metrics: ReadonlySet<string>,
  minutes: number,
  { hasOwn, isAlone }: { readonly hasOwn: boolean; readonly isAlone: boolean },
): Record<string, string> {
  const isThere = ({ of }: Noise): boolean => of === undefined || (hasOwn && !(isAlone && of === 'staging'));
  return Object.fromEntries(
    all
      .filter((each) => metrics.has(metricOf(each.series)) && isThere(each))
      .map(({ series, values }) => [inProduction(series), values(minutes)]),
  );
}
