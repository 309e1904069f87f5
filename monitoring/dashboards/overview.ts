import { apiDown } from '../alerts/api-down.ts';
import { databaseDown } from '../alerts/database-down.ts';
import { elevatedResponseTime } from '../alerts/elevated-response-time.ts';
import { highErrorRate } from '../alerts/high-error-rate.ts';
import { highResponseTime } from '../alerts/high-response-time.ts';
import { watchdog } from '../alerts/watchdog.ts';
import { alerts } from '../catalogue.ts';
import { failed, job, served } from '../selectors.ts';
import { overviewFront } from './overview-front.ts';
import { overviewInstances } from './overview-instances.ts';
import type { Dashboard, Row } from './panel.ts';
import { requestRate, responseTime } from './queries.ts';
import { watchedTarget } from './watch.ts';

const alarming = alerts
  .map(({ name }) => name)
  .filter((name) => name !== watchdog.name)
  .join('|');
const upOrDown = { 0: 'down', 1: 'up' };

const now: Row = {
  title: 'Now',
  panels: [
    {
      kind: 'number',
      title: 'Instances that answer',
      description: 'Instances that Prometheus could scrape. None is an outage.',
      unit: 'number',
      targets: [watchedTarget(apiDown, 'instances')],
      watchedBy: [{ alert: apiDown }],
      width: 4,
    },
    {
      kind: 'number',
      title: 'Failing requests',
      description: 'The share of requests of the last 5 minutes that failed with a 5xx status.',
      unit: 'share',
      targets: [watchedTarget(highErrorRate, 'failed')],
      watchedBy: [{ alert: highErrorRate }],
      width: 4,
    },
    {
      kind: 'number',
      title: 'Response time, P95',
      description: '95 % of the requests of the last 5 minutes were answered faster.',
      unit: 'seconds',
      targets: [watchedTarget(highResponseTime, 'P95')],
      watchedBy: [{ alert: highResponseTime }, { alert: elevatedResponseTime }],
      width: 4,
    },
    {
      kind: 'number',
      title: 'Requests',
      description: 'Requests a second, without probes and unknown paths.',
      unit: 'requests per second',
      targets: [{ expr: 'brownie:http_requests:rate2m', legend: 'requests' }],
      width: 4,
    },
    {
      kind: 'number',
      title: 'Database',
      description: 'Whether any instance gets an answer from PostgreSQL.',
      unit: 'number',
      targets: [watchedTarget(databaseDown, 'database')],
      watchedBy: [{ alert: databaseDown }],
      words: upOrDown,
      width: 4,
    },
    {
      kind: 'number',
      title: 'Alerting',
      description: 'The Watchdog alert always fires. Without data here, no alert would reach anybody.',
      unit: 'number',
      targets: [
        {
          expr: `ALERTS{alertstate="firing",alertname="${watchdog.name}"}`,
          legend: 'Watchdog',
          isOfAll: true,
        },
      ],
      watchedBy: [{ alert: watchdog }],
      words: { 1: 'works' },
      width: 4,
    },
    {
      kind: 'table',
      title: 'Alerts that fire',
      description: 'In every environment. Empty is good. Each has a runbook of its name.',
      unit: 'number',
      targets: [{ expr: `ALERTS{alertstate="firing",alertname=~"${alarming}"}`, legend: '', isOfAll: true }],
      width: 24,
    },
  ],
};

const requests: Row = {
  title: 'Requests',
  panels: [
    {
      kind: 'graph',
      title: 'Requests by status',
      description: 'Requests a second by HTTP status, without probes and unknown paths.',
      unit: 'requests per second',
      targets: [{ expr: requestRate('status', served), legend: '{{status}}' }],
      isStacked: true,
    },
    {
      kind: 'graph',
      title: 'Share of failing requests',
      description:
        'As HighErrorRate sees it: 5xx without 501, and without the 503s of instances that are drained.',
      unit: 'share',
      targets: [watchedTarget(highErrorRate, 'failed')],
      watchedBy: [{ alert: highErrorRate }],
    },
    {
      kind: 'graph',
      title: 'Response time',
      description: 'P95 above 1 s is a warning, above 2 s a page.',
      unit: 'seconds',
      targets: [
        watchedTarget(highResponseTime, 'P95'),
        { expr: responseTime(0.5, served), legend: 'P50' },
        { expr: responseTime(0.99, served), legend: 'P99' },
      ],
      watchedBy: [{ alert: highResponseTime }, { alert: elevatedResponseTime }],
    },
    {
      kind: 'graph',
      title: 'Failures by endpoint',
      description: 'Where the 5xx come from: one endpoint, or all of them.',
      unit: 'requests per second',
      targets: [
        {
          expr: `topk(10, ${requestRate('method, endpoint, status', failed)} > 0)`,
          legend: '{{status}} {{method}} {{endpoint}}',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Failures by instance',
      description: 'Whether one instance is broken, or what they share.',
      unit: 'requests per second',
      targets: [{ expr: requestRate('instance', failed), legend: '{{instance}}' }],
    },
    {
      kind: 'graph',
      title: 'Slowest endpoints, P95',
      description: 'The ten endpoints with the highest 95th percentile.',
      unit: 'seconds',
      targets: [
        {
          expr: `topk(10, ${responseTime(0.95, served, 'method, endpoint')})`,
          legend: '{{method}} {{endpoint}}',
        },
      ],
    },
    {
      kind: 'graph',
      title: 'Requests by instance',
      description: 'Whether the load balancer spreads the load.',
      unit: 'requests per second',
      targets: [{ expr: requestRate('instance', served), legend: '{{instance}}' }],
      isStacked: true,
      width: 12,
    },
    {
      kind: 'graph',
      title: 'Requests that reached no route',
      description:
        'Unknown paths and methods: scanners, or a client with a wrong address. They count in no objective.',
      unit: 'requests per second',
      targets: [{ expr: requestRate('status', `${job},endpoint="unmatched"`), legend: '{{status}}' }],
      width: 12,
    },
  ],
};

export const overview: Dashboard = {
  id: 'overview',
  title: 'Overview',
  description: 'Whether the service answers, how fast, and with what resources.',
  rows: [now, requests, overviewFront, overviewInstances],
};
