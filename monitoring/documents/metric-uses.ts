import { alerts, recordingGroups } from '../catalogue.ts';
import { allDashboards } from '../dashboards/index.ts';
import { metricsOf } from '../promql.ts';
import type { Recording } from '../recording.ts';

/** Every series that Prometheus computes. */
export const recordings: readonly Recording[] = recordingGroups.flatMap((group) => [...group.recordings]);

/** The series that an expression reads, and those that its recordings read in turn. */
function seriesOf(expr: string): Set<string> {
  const found = new Set(metricsOf(expr));
  for (const name of found) {
    const recording = recordings.find((candidate) => candidate.name === name);
    for (const deeper of recording === undefined ? [] : metricsOf(recording.expr)) {
      found.add(deeper);
    }
  }
  return found;
}

/** A histogram is one metric of three series. */
const metricOf = (series: string): string => series.replace(/_(bucket|count|sum)$/, '');

const reads = (exprs: readonly string[], name: string): boolean =>
  exprs.some((expr) => [...seriesOf(expr)].some((series) => series === name || metricOf(series) === name));

/** The names of the alerts that depend on a metric or recording. */
export const alertsUsing = (name: string): string[] =>
  alerts
    .filter(({ rules }) =>
      reads(
        rules.map(({ expr }) => expr),
        name,
      ),
    )
    .map((alert) => alert.name);

/** The ids of the dashboards that show a metric or recording. */
export const dashboardsUsing = (name: string): string[] =>
  allDashboards
    .filter(({ rows }) => {
      const targets = rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.targets));
      return reads(
        targets.map(({ expr }) => expr),
        name,
      );
    })
    .map(({ id }) => id);
