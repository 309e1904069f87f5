import { alerts, recordingGroups } from './catalogue.ts';
import { nodesOf, type PromqlNode, parsePromql } from './promql.ts';
import { environmentLabel } from './selectors.ts';

/** Made by Prometheus, not by the service. */
const ofPrometheus = new Set(['up']);
const targetLabels = new Set(['job', 'instance', environmentLabel]);

/** By the metric, the labels that expressions select it by or group it by. */
export function labelsByMetric(exprs: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const expr of exprs) {
    const text = ({ from, to }: PromqlNode): string => expr.slice(from, to);
    for (const selector of nodesOf(parsePromql(expr), 'VectorSelector')) {
      const metric = nodesOf(selector, 'Identifier').map(text).join();
      const labels = [...nodesOf(selector, 'LabelName'), ...groupedBy(selector)].map(text);
      found.set(metric, new Set([...(found.get(metric) ?? []), ...labels]));
    }
  }
  return found;
}

/** The labels of each `by (…)` that stands around a node. */
function groupedBy(node: PromqlNode): PromqlNode[] {
  const modifier = node.name === 'AggregateExpr' ? node.getChild('AggregateModifier') : null;
  const own = modifier?.getChild('By') ? nodesOf(modifier, 'LabelName') : [];
  return node.parent === null ? own : [...own, ...groupedBy(node.parent)];
}

const recordings = recordingGroups.flatMap((group) => [...group.recordings]);
const names = new Set<string>(recordings.map(({ name }) => name));

/**
 * What the rules need of a scrape: by the metric, the labels of its samples. Without what the rules record themselves, and
 * without what Prometheus adds (`up`, the labels of a target).
 */
export const metricsUsed: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...labelsByMetric([...recordings, ...alerts.flatMap(({ rules }) => rules)].map(({ expr }) => expr))]
    .filter(([metric]) => !names.has(metric) && !ofPrometheus.has(metric))
    .map(([metric, labels]) => [metric, new Set([...labels].filter((label) => !targetLabels.has(label)))]),
);
