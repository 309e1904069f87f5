import { environmentLabel, job } from '../selectors.ts';
import { datasource, grafanaPanel } from './grafana-panel.ts';
import { layOut } from './layout.ts';
import type { Dashboard } from './panel.ts';

/** Grafana 10.4, and every one since, reads it. */
const schemaVersion = 39;

const datasourceVariable = {
  name: 'datasource',
  label: 'Prometheus',
  type: 'datasource',
  query: 'prometheus',
  current: {},
  hide: 0,
  includeAll: false,
  multi: false,
  options: [],
  refresh: 1,
  regex: '',
};

/** @NOTE where no target has the label there is nothing to choose, and its value is empty: that matches what has no label. */
const environmentVariable = {
  name: environmentLabel,
  label: 'Environment',
  type: 'query',
  datasource,
  query: { query: `label_values(up{${job}}, ${environmentLabel})`, refId: environmentLabel },
  definition: `label_values(up{${job}}, ${environmentLabel})`,
  current: {},
  hide: 0,
  includeAll: false,
  multi: false,
  options: [],
  refresh: 2,
  regex: '',
  sort: 1,
};

const linksToTheOthers = {
  type: 'dashboards',
  title: 'Brownie',
  tags: ['brownie'],
  asDropdown: false,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
};

/** A dashboard as Grafana reads it. `runbooks` is the folder that links to runbooks lead to. */
export function grafanaDashboard({ id, title, description, rows }: Dashboard, runbooks: string): object {
  let lastId = 0;
  const nextId = (): number => {
    lastId += 1;
    return lastId;
  };
  const panels = layOut(rows).flatMap(({ row, position, panels: placed }) => [
    { id: nextId(), type: 'row', title: row.title, collapsed: false, gridPos: position, panels: [] },
    ...placed.map(({ panel, position: place }) => grafanaPanel(nextId(), panel, place, runbooks)),
  ]);
  return {
    id: null,
    uid: `brownie-${id}`,
    title: `Brownie / ${title}`,
    description,
    tags: ['brownie'],
    schemaVersion,
    version: 1,
    editable: false,
    graphTooltip: 1,
    timezone: 'browser',
    time: { from: 'now-3h', to: 'now' },
    refresh: '30s',
    templating: { list: [datasourceVariable, environmentVariable] },
    annotations: { list: [] },
    links: [linksToTheOthers],
    panels,
  };
}
