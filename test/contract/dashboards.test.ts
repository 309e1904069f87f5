import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alerts, recordingGroups } from '../../monitoring/catalogue.ts';
import { allDashboards, dashboards } from '../../monitoring/dashboards/index.ts';
import { defaultRunbooks } from '../../monitoring/dashboards/runbooks.ts';
import { metricsOf, nodesOf, parsePromql } from '../../monitoring/promql.ts';
import { seriesNames } from '../harness/metric-names.ts';

interface Position {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: Position;
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat?: string;
  }[];
  readonly links?: readonly { readonly url: string }[];
}
interface GrafanaDashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly GrafanaPanel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

const deploy = join(import.meta.dirname, '../../deploy/grafana/');
const committed = readdirSync(join(deploy, 'dashboards/')).toSorted();
const read = (file: string): string => readFileSync(join(deploy, `dashboards/${file}`), 'utf8');
const panelsOf = (file: string): readonly GrafanaPanel[] =>
  (JSON.parse(read(file)) as GrafanaDashboard).panels;
const recorded = new Set(recordingGroups.flatMap(({ recordings }) => recordings.map(({ name }) => name)));
const ofPrometheus = new Set(['up', 'ALERTS']);

describe('deploy/grafana/dashboards', () => {
  test('is what the source makes of it; if not: npm run dashboards:generate', () => {
    const generated = [...dashboards(defaultRunbooks)].map(
      ([id, dashboard]) => [`brownie-${id}.json`, `${JSON.stringify(dashboard, null, 2)}\n`] as const,
    );
    expect(committed).toEqual(generated.map(([file]) => file).toSorted());
    for (const [file, text] of generated) {
      expect(read(file) === text, `${file} differs`).toBe(true);
    }
  });

  test('has a dashboard for each that an alert links to', () => {
    const uids = committed.map((file) => (JSON.parse(read(file)) as GrafanaDashboard).uid);
    const linked = alerts.map(({ dashboard }) => `brownie-${dashboard}`);
    expect(linked.filter((uid) => !uids.includes(uid))).toEqual([]);
  });

  test('shows each alert on the dashboard that it links to', () => {
    const shown = allDashboards.flatMap(({ id, rows }) =>
      rows.flatMap(({ panels }) =>
        panels.flatMap(({ watchedBy = [] }) => watchedBy.map(({ alert }) => `${id}: ${alert.name}`)),
      ),
    );
    const promised = alerts.map(({ dashboard, name }) => `${dashboard}: ${name}`);
    expect(promised.filter((entry) => !shown.includes(entry))).toEqual([]);
  });
});

describe.each(committed)('%s', (file) => {
  const panels = panelsOf(file);
  const plots = panels.filter(({ type }) => type !== 'row');

  test('is of a current schema and lets a person choose the data source', () => {
    const dashboard = JSON.parse(read(file)) as GrafanaDashboard;
    expect(dashboard.uid).toBe(file.replace('.json', ''));
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(dashboard.templating.list).toMatchObject([
      { name: 'datasource', type: 'datasource' },
      { name: 'environment', type: 'query' },
    ]);
    expect(read(file)).not.toMatch(/"uid": "(?!brownie-|\$datasource")/);
  });

  test('has no two panels with the same id, nor two queries of a panel with the same name', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { targets = [] } of plots) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  test('has panels that stand beside each other, within 24 columns', () => {
    for (const [index, { title, gridPos: a }] of panels.entries()) {
      expect([title, a.x >= 0 && a.x + a.w <= 24]).toEqual([title, true]);
      const covered = panels
        .slice(index + 1)
        .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h);
      expect([title, covered.map((other) => other.title)]).toEqual([title, []]);
    }
  });

  test('says of each panel what it shows, and has a query in it', () => {
    for (const { title, description = '', targets = [] } of plots) {
      expect([title, description.length > 10, targets.length > 0]).toEqual([title, true, true]);
      expect(targets.every(({ expr }) => expr !== '')).toBe(true);
    }
  });

  test('asks only for series that the service or the recordings have', () => {
    const known = seriesNames();
    for (const { title, targets = [] } of plots) {
      const unknown = targets
        .flatMap(({ expr }) => metricsOf(expr))
        .filter((name) => !known.has(name) && !recorded.has(name) && !ofPrometheus.has(name));
      expect([title, unknown]).toEqual([title, []]);
    }
  });

  test('asks for those of this service, in the chosen environment, only', () => {
    for (const { title, targets = [] } of plots) {
      const asked = targets.flatMap(({ expr }) => selectorsOf(expr));
      const open = asked.filter(
        (selector) =>
          !selector.startsWith('ALERTS{') &&
          !(
            selector.includes('environment="$environment"') &&
            (isRecorded(selector) || /\bjob="brownie-(api|front|haproxy)"/.test(selector))
          ),
      );
      expect([title, open]).toEqual([title, []]);
    }
  });

  test('links to runbooks that exist', () => {
    const linked = plots.flatMap(({ links = [] }) => links.map(({ url }) => url));
    const names = linked.map((url) => url.slice(url.lastIndexOf('/') + 1));
    expect(linked.filter((url) => !url.startsWith(`${defaultRunbooks}/`))).toEqual([]);
    const runbooks = new Set(readdirSync(join(import.meta.dirname, '../../docs/runbooks/')));
    expect(names.filter((name) => !runbooks.has(name))).toEqual([]);
  });
});

/** Each selector of an expression, as it stands there. */
const selectorsOf = (expr: string): string[] =>
  nodesOf(parsePromql(expr), 'VectorSelector').map(({ from, to }) => expr.slice(from, to));
const isRecorded = (selector: string): boolean => recorded.has(selector.split('{')[0] ?? '');

describe('deploy/grafana/provisioning', () => {
  const provisioned = (path: string) => parse(readFileSync(join(deploy, `provisioning/${path}`), 'utf8'));

  test('names one Prometheus, and a folder of dashboards that nobody edits by hand', () => {
    expect(provisioned('datasources/prometheus.yml')).toMatchObject({
      apiVersion: 1,
      datasources: [{ type: 'prometheus', isDefault: true, url: '$PROMETHEUS_URL' }],
    });
    expect(provisioned('dashboards/brownie.yml')).toMatchObject({
      apiVersion: 1,
      providers: [{ type: 'file', allowUiUpdates: false, options: { path: expect.any(String) } }],
    });
  });
});
