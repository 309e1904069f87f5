import { alerts, recordingGroups } from './catalogue.ts';
import { tokenize } from './promql.ts';

/** Made by Prometheus, not by the service. */
const ofPrometheus = new Set(['up']);
const targetLabels = new Set(['job', 'instance']);

/** By the metric, the labels that expressions select it by or group it by. */
export function labelsByMetric(exprs: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const expr of exprs) {
    const tokens = tokenize(expr);
    const metrics = tokens.filter(({ kind }) => kind === 'metric');
    for (const { text, start } of metrics) {
      const next = metrics.find((other) => other.start > start)?.start ?? expr.length;
      const selected = tokens.filter(
        (token) => token.kind === 'matcher' && token.start > start && token.end <= next,
      );
      const labels = found.get(text) ?? new Set();
      for (const label of [
        ...selected.map((token) => /^\w+/.exec(token.text)?.[0] ?? ''),
        ...grouped(expr, start),
      ]) {
        labels.add(label);
      }
      found.set(text, labels);
    }
  }
  return found;
}

/** The labels of each `by (…) (…)` that stands around a position. */
const grouped = (expr: string, position: number): string[] =>
  [...expr.matchAll(/\bby \(([^)]*)\) \(/g)]
    .filter(({ index, 0: opening }) => index < position && position < closing(expr, index + opening.length))
    .flatMap(([, labels = '']) => labels.split(/,\s*/));

/** Where the bracket closes that was opened just before. */
function closing(expr: string, from: number): number {
  let depth = 1;
  for (let at = from; at < expr.length; at += 1) {
    depth += expr[at] === '(' ? 1 : expr[at] === ')' ? -1 : 0;
    if (depth === 0) {
      return at;
    }
  }
  return expr.length;
}

const recordings = recordingGroups.flatMap((group) => [...group.recordings]);
const names = new Set<string>(recordings.map(({ name }) => name));

/**
 * What the rules need of a scrape: by the metric, the labels of its samples. Without what the rules record themselves, and
 * without what Prometheus adds (`up`, `job`, `instance`).
 */
export const metricsUsed: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...labelsByMetric([...recordings, ...alerts.flatMap(({ rules }) => rules)].map(({ expr }) => expr))]
    .filter(([metric]) => !names.has(metric) && !ofPrometheus.has(metric))
    .map(([metric, labels]) => [metric, new Set([...labels].filter((label) => !targetLabels.has(label)))]),
);
