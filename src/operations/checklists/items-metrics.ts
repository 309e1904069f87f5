import { fail, type Item, needsPerson, pass } from './item.ts';
import { type InstanceMetrics, instanceMetrics } from './metrics.ts';

/** The thresholds of the operations guide. */
const limits = { errorShare: 0.05, p95: 1, poolShare: 0.8, failuresPerMinute: 10, poolWait: 0.1, lag: 0.2 };
const command = 'the dashboard brownie-overview, or: curl -sS "$BROWNIE_URL/metrics"';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const ms = (seconds: number | undefined): string =>
  seconds === undefined ? 'no request yet' : `${(1_000 * seconds).toFixed(0)} ms`;

interface Looked {
  readonly line: string;
  readonly isFine: boolean;
}

const keyMetrics = ({
  url,
  uptimeMinutes,
  requests,
  errorShare,
  p95,
  poolShare,
  tokensPerMinute,
  failuresPerMinute,
}: InstanceMetrics): readonly Looked[] => [
  {
    line: `${url}: ${requests} requests in ${Math.round(uptimeMinutes)} minutes, ${percent(errorShare)} with 5xx`,
    isFine: errorShare <= limits.errorShare,
  },
  { line: `${url}: P95 ${ms(p95)}`, isFine: (p95 ?? 0) <= limits.p95 },
  { line: `${url}: ${percent(poolShare)} of the pool in use`, isFine: poolShare <= limits.poolShare },
  { line: `${url}: ${tokensPerMinute.toFixed(2)} tokens issued a minute`, isFine: true },
  {
    line: `${url}: ${failuresPerMinute.toFixed(2)} failed authentications a minute`,
    isFine: failuresPerMinute <= limits.failuresPerMinute,
  },
];

const performance = ({ url, p95, mean, poolWait, eventLoopLag }: InstanceMetrics): readonly Looked[] => [
  { line: `${url}: response time P95 ${ms(p95)}, mean ${ms(mean)}`, isFine: (p95 ?? 0) <= limits.p95 },
  {
    line: `${url}: wait for a connection P95 ${ms(poolWait)}`,
    isFine: (poolWait ?? 0) <= limits.poolWait,
  },
  {
    line: `${url}: event loop lag P99 ${ms(eventLoopLag)}`,
    isFine: (eventLoopLag ?? 0) <= limits.lag,
  },
];

const item = (
  title: string,
  aspects: (metrics: InstanceMetrics) => readonly Looked[],
  runbooks: string,
): Item => ({
  title,
  async look(ward) {
    const metrics = await instanceMetrics(ward);
    if (metrics.length === 0) {
      return needsPerson([`no instance shows metrics at ${ward.urls.join(', ')}`], command);
    }
    const looked = metrics.flatMap(aspects);
    const lines = looked.map(({ line, isFine }) => (isFine ? line : `${line}: too much`));
    return looked.every(({ isFine }) => isFine) ? pass(lines) : fail(lines, runbooks);
  },
});

export const metricsDashboard = item(
  'Monitor metrics dashboard',
  keyMetrics,
  'docs/runbooks/README.md: the runbook of what is too much',
);
export const performanceMetrics = item(
  'Review performance metrics',
  performance,
  'docs/operations.md#it-is-slow',
);
