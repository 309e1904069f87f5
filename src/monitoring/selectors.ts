/** The job of the service in Prometheus. */
export const job = 'job="brownie-api"';

/**
 * Requests that the service was built to answer: without its probes, and without paths that it does not have, of which any
 * scanner sends enough to hide real errors.
 */
export const served = `${job},endpoint!~"/health.*|/metrics|unmatched"`;

/** Of those, the ones that we failed. @NOTE 501 is the answer of a login that is not configured, and no failure. */
export const failed = `${served},status=~"5..",status!="501"`;

/** Requests answered within a second. @NOTE Prometheus 3 writes the edge as 1.0. */
export const fast = `${served},le=~"1|1.0"`;

/**
 * Failures a second over a window, without the 503s of an instance that is being drained: those are announced, and the
 * load balancer sends the request elsewhere.
 */
export const failures = (window: string): string =>
  `rate(http_requests_total{${failed}}[${window}]) ` +
  `unless on (instance, status) label_replace(max_over_time(draining{${job}}[${window}]) == 1, "status", "503", "", "")`;
