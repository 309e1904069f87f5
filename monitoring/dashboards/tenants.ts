import { job, served } from '../selectors.ts';
import type { Dashboard, Panel, Row } from './panel.ts';
import { requestRate, responseTime } from './queries.ts';

const organizations = `${served},endpoint=~"/api/v1/organizations.*"`;
const teams = `${served},endpoint=~"/api/v1/teams.*"`;
const method = '{{method}} {{endpoint}}';

const rateOf = (what: string, selector: string): Panel => ({
  kind: 'graph',
  title: `Requests for ${what}`,
  description: `Requests a second by route, the ten with most of them.`,
  unit: 'requests per second',
  targets: [{ expr: `topk(10, ${requestRate('method, endpoint', selector)})`, legend: method }],
});
const timeOf = (what: string, selector: string): Panel => ({
  kind: 'graph',
  title: `Response time for ${what}, P95`,
  description: 'Lists that grow with a tenant show here first.',
  unit: 'seconds',
  targets: [{ expr: `topk(10, ${responseTime(0.95, selector, 'method, endpoint')})`, legend: method }],
});
const refusalsOf = (what: string, selector: string): Panel => ({
  kind: 'graph',
  title: `Refused requests for ${what}`,
  description:
    '403 another role is needed, 404 not theirs or not there, 409 a limit was reached, 422 invalid.',
  unit: 'requests per second',
  targets: [
    {
      expr: `topk(10, ${requestRate('method, endpoint, status', `${selector},status=~"4.."`)} > 0)`,
      legend: `{{status}} ${method}`,
    },
  ],
});
const row = (title: string, what: string, selector: string): Row => ({
  title,
  panels: [rateOf(what, selector), timeOf(what, selector), refusalsOf(what, selector)],
});

const perHour = `sum by (action) (increase(audit_events_total{${job}}[1h]))`;

const changes: Row = {
  title: 'Changes',
  panels: [
    {
      kind: 'graph',
      title: 'Changes an hour, by action',
      description: 'Entries of the audit trail over all tenants. Whose they are, the trail itself tells.',
      unit: 'number',
      targets: [{ expr: `${perHour} > 0`, legend: '{{action}}' }],
      width: 16,
    },
    {
      kind: 'number',
      title: 'Changes in an hour',
      description: 'All actions together.',
      unit: 'number',
      targets: [{ expr: `sum(${perHour}) or vector(0)`, legend: 'changes' }],
    },
  ],
};

export const tenants: Dashboard = {
  id: 'tenants',
  title: 'Tenants',
  description:
    'What tenants do, over all of them. No metric is labelled with an organization: there may be many, and each label ' +
    'value is a series for ever. The access log and the audit trail tell tenants apart.',
  rows: [row('Organizations', 'organizations', organizations), row('Teams', 'teams', teams), changes],
};
