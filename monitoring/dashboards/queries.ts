import { job } from '../selectors.ts';

/** Grafana's window: wide enough for the scrape interval, whatever it is. */
const window = '$__rate_interval';

/** Requests a second of what a selector picks, by these labels. */
export const requestRate = (by: string, selector: string): string =>
  `sum by (${by}) (rate(http_requests_total{${selector}}[${window}]))`;

/** The response time in seconds that so many of the requests stay below, by these labels beside `le`. */
export const responseTime = (quantile: number, selector: string, by = ''): string =>
  `histogram_quantile(${quantile}, sum by (le${by === '' ? '' : `, ${by}`}) ` +
  `(rate(http_request_duration_seconds_bucket{${selector}}[5m])))`;

/** A counter's rise a second. */
export const rate = (metric: string): string => `rate(${metric}{${job}}[${window}])`;

/** A gauge as it is. */
export const gauge = (metric: string): string => `${metric}{${job}}`;
