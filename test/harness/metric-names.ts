import { exporterMetrics } from '../../monitoring/exporters.ts';
import { createMetrics } from '../../src/platform/observability/metrics.ts';

/** Every series that the service and the programs beside it can show to Prometheus, by name: a histogram has three. */
export function seriesNames(): ReadonlySet<string> {
  const { registry } = createMetrics({
    version: '0',
    pool: { active: () => 0, idle: () => 0, waiting: () => 0, max: 0 },
  });
  const ofService = registry.getMetricsAsArray().flatMap(({ name, type }) => {
    const isHistogram = String(type) === 'histogram';
    const isSummary = String(type) === 'summary';
    return [
      ...(isHistogram ? [`${name}_bucket`] : [name]),
      ...(isHistogram || isSummary ? [`${name}_sum`, `${name}_count`] : []),
    ];
  });
  return new Set([...ofService, ...exporterMetrics.map(({ name }) => name)]);
}
