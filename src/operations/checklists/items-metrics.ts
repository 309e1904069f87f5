import { pluralize } from '../../platform/system/wording.ts';
import { operatorBase } from '../probing/ask-service.ts';
import { firingAlerts } from '../probing/firing-alerts.ts';
import { type ChecklistContext, fail, type Item, needsPerson, pass } from './item.ts';
import { type InstanceMetrics, instanceMetrics } from './metrics.ts';
import { showMetrics } from './shell.ts';

/** The thresholds of the operations guide. */
const limits = { errorShare: 0.05, p95: 1, poolShare: 0.8, failuresPerMinute: 10, poolWait: 0.1, lag: 0.2 };
/** As the alerts have it: below that, one error or one slow request is a large share. */
const leastOf = { errors: 5, requests: 20 };

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const ms = (seconds: number | undefined): string =>
  seconds === undefined ? 'no request yet' : `${(1_000 * seconds).toFixed(0)} ms`;

const isFast = (p95: number | undefined, requests: number): boolean =>
  requests < leastOf.requests || (p95 ?? 0) <= limits.p95;

interface Looked {
  readonly line: string;
  readonly isFine: boolean;
}

export const keyMetrics = ({
  url,
  uptimeMinutes,
  requests,
  errors,
  refused,
  p95,
  poolShare,
  tokensPerMinute,
  failuresPerMinute,
}: InstanceMetrics): readonly Looked[] => [
  {
    line:
      `${url}: ${pluralize(requests, 'request')} in ${pluralize(Math.round(uptimeMinutes), 'minute')}, ` +
      `${pluralize(errors, 'error')} with 5xx (${percent(requests === 0 ? 0 : errors / requests)})`,
    isFine: errors < leastOf.errors || errors <= limits.errorShare * requests,
  },
  ...(refused === 0
    ? []
    : [
        {
          line: `${url}: ${pluralize(refused, 'change')} refused because of maintenance: no errors`,
          isFine: true,
        },
      ]),
  { line: `${url}: P95 ${ms(p95)}`, isFine: isFast(p95, requests) },
  { line: `${url}: ${percent(poolShare)} of the pool in use`, isFine: poolShare <= limits.poolShare },
  { line: `${url}: ${tokensPerMinute.toFixed(2)} tokens issued a minute`, isFine: true },
  {
    line: `${url}: ${failuresPerMinute.toFixed(2)} failed authentications a minute`,
    isFine: failuresPerMinute <= limits.failuresPerMinute,
  },
];

const performance = ({
  url,
  requests,
  p95,
  mean,
  poolWait,
  eventLoopLag,
}: InstanceMetrics): readonly Looked[] => [
  {
    line: `${url}: response time P95 ${ms(p95)}, mean ${ms(mean)}`,
    isFine: isFast(p95, requests),
  },
  {
    line: `${url}: wait for a connection P95 ${ms(poolWait)}`,
    isFine: (poolWait ?? 0) <= limits.poolWait,
  },
  {
    line: `${url}: event loop lag P99 ${ms(eventLoopLag)}`,
    isFine: (eventLoopLag ?? 0) <= limits.lag,
  },
];

/** What Prometheus says is firing. @NOTE it may not be here: the metrics of the instances are what counts. */
async function alerts({ doctor }: ChecklistContext): Promise<readonly Looked[]> {
  const { prometheusUrl } = doctor.config.operations;
  const firing = await firingAlerts(prometheusUrl);
  if (firing === null) {
    return [{ line: `Prometheus does not answer at ${prometheusUrl} (PROMETHEUS_URL)`, isFine: true }];
  }
  return firing.length === 0
    ? [{ line: 'no alert fires', isFine: true }]
    : firing.map((alert) => ({ line: `alert: ${alert}`, isFine: false }));
}

const item = (
  title: string,
  aspects: (metrics: InstanceMetrics) => readonly Looked[],
  runbook: string,
  further: (context: ChecklistContext) => Promise<readonly Looked[]> = async () => [],
): Item => ({
  title,
  async look(context) {
    const metrics = await instanceMetrics(context);
    if (metrics.length === 0) {
      const bases = context.urls.map((url) => operatorBase(url, context.doctor.config));
      return needsPerson(
        [`no instance shows metrics at ${bases.join(', ')}; see the dashboard brownie-overview`],
        bases.map(showMetrics).join('; '),
      );
    }
    const looked = [
      ...metrics
        .flatMap(aspects)
        .map((each) => (each.isFine ? each : { ...each, line: `${each.line}: too much` })),
      ...(await further(context)),
    ];
    const lines = looked.map(({ line }) => line);
    return looked.every(({ isFine }) => isFine) ? pass(lines) : fail(lines, null, runbook);
  },
});

export const metricsDashboard = item(
  'Monitor metrics dashboard',
  keyMetrics,
  'docs/runbooks/README.md',
  alerts,
);
export const performanceMetrics = item(
  'Review performance metrics',
  performance,
  'docs/operations.md#it-is-slow',
);
