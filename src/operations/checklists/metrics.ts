import { ask, operatorBase } from '../probing/ask-service.ts';
import { quantile, type Sample, samplesOf, total } from '../probing/samples.ts';
import type { ChecklistContext } from './item.ts';

/** What the guide wants to be watched of an instance, since it was started. */
export interface InstanceMetrics {
  readonly url: string;
  readonly uptimeMinutes: number;
  readonly requests: number;
  /** With 5xx, without what is no failure: 501, and changes that maintenance refused. */
  readonly errors: number;
  /** Changes that maintenance refused. */
  readonly refused: number;
  /** Seconds; undefined where there was no request. */
  readonly p95: number | undefined;
  readonly mean: number | undefined;
  /** P95 of the wait for a connection, in seconds. */
  readonly poolWait: number | undefined;
  readonly eventLoopLag: number | undefined;
  /** Of the pool, at this moment, 0 to 1. */
  readonly poolShare: number;
  readonly tokensPerMinute: number;
  readonly failuresPerMinute: number;
  /** `wrong_credentials: 3` */
  readonly failuresByReason: readonly string[];
}

/** The metrics of every instance that shows them. */
export async function instanceMetrics({
  urls,
  doctor,
}: ChecklistContext): Promise<readonly InstanceMetrics[]> {
  const token = doctor.config.operations.token;
  const answers = await Promise.all(
    urls.map(async (url) => ({
      url,
      answer: await ask(`${operatorBase(url, doctor.config)}/metrics`, { token }).catch(() => undefined),
    })),
  );
  return answers.flatMap(({ url, answer }) =>
    answer?.status === 200 ? [readMetrics(url, samplesOf(answer.body), Date.now() / 1000)] : [],
  );
}

/** @NOTE what is asked by probes says nothing of what people wait for. */
const isOfPeople = ({ endpoint = '' }: Sample['labels']): boolean =>
  !/^\/health|^\/metrics$|^unmatched$/.test(endpoint);

export function readMetrics(url: string, samples: readonly Sample[], nowSeconds: number): InstanceMetrics {
  const startedAt = total(samples, 'process_start_time_seconds') ?? nowSeconds;
  const uptimeMinutes = Math.max(1, (nowSeconds - startedAt) / 60);
  const duration = 'http_request_duration_seconds';
  const requests = total(samples, 'http_requests_total', isOfPeople) ?? 0;
  // @NOTE as the alert HighErrorRate counts: 501 is the answer of a login that is not configured.
  const failed = total(
    samples,
    'http_requests_total',
    (labels) => isOfPeople(labels) && /^5(?!01$)/.test(labels['status'] ?? ''),
  );
  const refused = total(samples, 'maintenance_refusals_total') ?? 0;
  const timed = total(samples, `${duration}_count`, isOfPeople) ?? 0;
  const failures = samples.filter(({ name }) => name === 'authentication_failures_total');
  return {
    url,
    uptimeMinutes,
    requests,
    errors: Math.max(0, (failed ?? 0) - refused),
    refused,
    p95: quantile(samples, duration, 0.95, isOfPeople),
    mean: timed === 0 ? undefined : (total(samples, `${duration}_sum`, isOfPeople) ?? 0) / timed,
    poolWait: quantile(samples, 'db_pool_wait_seconds', 0.95),
    eventLoopLag: total(samples, 'nodejs_eventloop_lag_p99_seconds'),
    poolShare:
      (total(samples, 'database_connections_active') ?? 0) /
      Math.max(1, total(samples, 'database_connections_max') ?? 1),
    tokensPerMinute: (total(samples, 'jwt_tokens_issued_total') ?? 0) / uptimeMinutes,
    failuresPerMinute: failures.reduce((sum, { value }) => sum + value, 0) / uptimeMinutes,
    failuresByReason: failures
      .filter(({ value }) => value > 0)
      .map(({ labels, value }) => `${labels['reason']}: ${value}`),
  };
}

/** How many events there were a minute in the busiest ten minutes. */
export function perMinute(moments: readonly Date[]): number {
  const windowMs = 600_000;
  const windows = Map.groupBy(moments, (at) => Math.floor(at.getTime() / windowMs));
  return Math.max(0, ...[...windows.values()].map(({ length }) => length / 10));
}
