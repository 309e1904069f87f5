import type { Duration } from './duration.ts';

/** The labels of a series or of an alert, by their names. */
export type Labels = Readonly<Record<string, string>>;

/**
 * The label that tells the environments of one Prometheus apart; docs/operations.md says how targets come by it. Whatever is summed
 * is summed by it, so that one environment neither hides nor explains the faults of another. Without it there is one.
 */
export const environmentLabel = 'environment';

/**
 * Unless one of these alerts fires in the same environment, or did so within a window. What looks back sees a fault for as long as
 * its window after the fault is over: whoever was paged for it would be paged for the memory of it, and others after them.
 */
export const unlessFired = (alerts: readonly string[], window: Duration): string =>
  `unless on (${environmentLabel}) max_over_time(ALERTS{alertname=~"${alerts.join('|')}",alertstate="firing"}[${window}])`;

/** The job of the service in Prometheus. */
export const job = 'job="brownie-api"';

/** The job of the prober, which asks from outside as a client does. */
export const frontJob = 'job="brownie-front"';

/** The job of HAProxy's own figures. */
export const balancerJob = 'job="brownie-haproxy"';

/**
 * Requests that the service was built to answer: without its probes, and without paths that it does not have, of which any
 * scanner sends enough to hide real errors.
 */
export const served = `${job},endpoint!~"/health.*|/metrics|unmatched"`;

/** Of those, the ones that we failed. @NOTE 501 is the answer of a login that is not configured, and no failure. */
export const failed = `${served},status=~"5..",status!="501"`;

/** Requests answered within a second. @NOTE Prometheus 3 writes the edge as 1.0. */
export const fast = `${served},le=~"1|1.0"`;

/** Instances whose 503s are announced: of one that is drained the load balancer sends the request elsewhere, and maintenance says when it ends. */
const announced = (window: string): string =>
  ['draining', 'maintenance_mode']
    .map((name) => `max_over_time(${name}{${job}}[${window}]) == 1`)
    .join(' or ');

/** Failures a second over a window, without the 503s that are announced. */
export const failures = (window: string): string =>
  `rate(http_requests_total{${failed}}[${window}]) ` +
  `unless on (environment, instance, status) label_replace(${announced(window)}, "status", "503", "", "")`;
