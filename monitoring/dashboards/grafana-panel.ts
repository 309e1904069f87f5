import { withMatcher } from '../promql.ts';
import { environmentLabel } from '../selectors.ts';
import type { GridPosition } from './layout.ts';
import type { Panel, Unit } from './panel.ts';
import { type ThresholdStep, thresholdSteps } from './watch.ts';

const units: Readonly<Record<Unit, string>> = {
  bytes: 'bytes',
  'count per minute': 'cpm',
  duration: 'dtdurations',
  number: 'short',
  'requests per second': 'reqps',
  seconds: 's',
  share: 'percentunit',
};

/** The variable that a person chooses their Prometheus with. */
export const datasource = { type: 'prometheus', uid: '$datasource' } as const;

const types: Readonly<Record<Panel['kind'], string>> = {
  graph: 'timeseries',
  number: 'stat',
  states: 'state-timeline',
  table: 'table',
};

const legend = { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'], showLegend: true };
const options: Readonly<Record<Panel['kind'], object>> = {
  graph: { legend, tooltip: { mode: 'multi', sort: 'desc' } },
  number: {
    colorMode: 'background',
    graphMode: 'area',
    textMode: 'auto',
    reduceOptions: { calcs: ['lastNotNull'] },
  },
  states: { showValue: 'never', mergeValues: true, legend: { showLegend: true, displayMode: 'list' } },
  table: { showHeader: true, cellHeight: 'sm' },
};

/** A panel as Grafana reads it. `runbooks` is the folder that its links lead to. */
export function grafanaPanel(id: number, panel: Panel, gridPos: GridPosition, runbooks: string): object {
  const { kind, title, description, targets, watchedBy = [] } = panel;
  const names = [...new Set(watchedBy.map(({ alert }) => alert.name))];
  return {
    id,
    type: types[kind],
    title,
    description,
    gridPos,
    datasource,
    targets: targets.map(({ expr, legend: legendFormat, isOfAll = false }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr: isOfAll ? expr : withMatcher(expr, `${environmentLabel}="$${environmentLabel}"`),
      ...(kind === 'table'
        ? { format: 'table', instant: true, range: false }
        : { legendFormat, range: true }),
    })),
    fieldConfig: { defaults: fieldDefaults(panel), overrides: [] },
    options: options[kind],
    ...(kind === 'table' ? { transformations: [withoutPlumbing] } : {}),
    links: names.map((name) => ({
      title: `Runbook: ${name}`,
      url: `${runbooks}/${name}.md`,
      targetBlank: true,
    })),
  };
}

const withoutPlumbing = {
  id: 'organize',
  options: { excludeByName: { Time: true, Value: true, __name__: true, alertstate: true } },
};

function fieldDefaults(panel: Panel): object {
  const { kind, unit, words, isStacked = false } = panel;
  const steps = thresholdSteps(panel);
  return {
    unit: units[unit],
    ...(kind === 'graph' ? { custom: graphStyle(steps, isStacked) } : {}),
    color: { mode: kind === 'graph' ? 'palette-classic' : 'thresholds' },
    thresholds: { mode: 'absolute', steps },
    mappings: words === undefined ? [] : [{ type: 'value', options: mapping(words) }],
  };
}

const mapping = (words: Readonly<Record<number, string>>): object =>
  Object.fromEntries(Object.entries(words).map(([value, text]) => [value, { text }]));

const graphStyle = (steps: readonly ThresholdStep[], isStacked: boolean): object => ({
  drawStyle: 'line',
  lineWidth: 1,
  fillOpacity: isStacked ? 40 : 10,
  showPoints: 'never',
  axisSoftMin: 0,
  stacking: { mode: isStacked ? 'normal' : 'none', group: 'A' },
  thresholdsStyle: { mode: steps.length > 1 ? 'dashed' : 'off' },
});
