import type { DashboardId } from '../alert.ts';
import { authentication } from './authentication.ts';
import { database } from './database.ts';
import { grafanaDashboard } from './grafana-dashboard.ts';
import { overview } from './overview.ts';
import type { Dashboard } from './panel.ts';
import { slo } from './slo.ts';
import { tenants } from './tenants.ts';

/** Every dashboard, in the order in which a person would look. */
export const allDashboards: readonly Dashboard[] = [overview, tenants, database, authentication, slo];

/**
 * The dashboards as Grafana reads them, by their id. `runbooks` is the folder of docs/runbooks as people can open it,
 * without a slash at its end.
 */
export const dashboards = (runbooks: string): ReadonlyMap<DashboardId, object> =>
  new Map(allDashboards.map((dashboard) => [dashboard.id, grafanaDashboard(dashboard, runbooks)]));
