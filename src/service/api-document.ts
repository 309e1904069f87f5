import { buildOpenApi, type OpenApiDocument, type PathItem } from '../platform/documents/index.ts';
import type { Route } from '../platform/http/route.ts';
import { version } from '../platform/system/version.ts';

const tags = [
  { name: 'Identity', description: 'Signing up, logging in, and who the caller is.' },
  { name: 'Organizations', description: 'Tenants. Everything else belongs to one.' },
  { name: 'Teams', description: 'Teams of an organization and who is in them.' },
  { name: 'Users', description: 'People, as members of an organization.' },
  { name: 'Incidents', description: 'Incidents of a team, their timelines and comments.' },
  { name: 'Agent configurations', description: 'How agents are to behave, with every version kept.' },
  { name: 'Stats', description: 'Measured values of a team.' },
  { name: 'Audit trail', description: 'Who changed what, from where.' },
  { name: 'Service', description: 'For load balancers, operators and Prometheus.' },
];

const health = {
  type: 'object',
  required: ['status', 'timestamp', 'version', 'database', 'dependencies'],
  properties: {
    status: { type: 'string', enum: ['healthy', 'degraded', 'unhealthy'] },
    timestamp: { type: 'string', format: 'date-time' },
    version: { type: 'string' },
    database: { type: 'string', enum: ['healthy', 'unhealthy'] },
    dependencies: {
      type: 'object',
      required: ['database', 'redis'],
      properties: {
        database: { type: 'string', enum: ['healthy', 'unhealthy'] },
        redis: { type: 'string', enum: ['healthy', 'unhealthy', 'disabled'] },
      },
    },
    details: { type: 'object', description: 'For operators, at /health/detailed only.' },
  },
};
const probe = {
  type: 'object',
  required: ['status', 'phase'],
  properties: {
    status: { type: 'string', enum: ['healthy', 'unhealthy'] },
    phase: { type: 'string', enum: ['starting', 'serving', 'draining'] },
  },
};

/** A service endpoint, described: they are no routes of the API and have no declaration. */
function endpoint(
  operationId: string,
  summary: string,
  schema: object,
  mediaType = 'application/json',
): PathItem {
  const content = { [mediaType]: { schema: { ...schema } } };
  const isHealth = mediaType === 'application/json';
  return {
    get: {
      operationId,
      summary,
      tags: ['Service'],
      security: [],
      responses: {
        200: { description: 'As it should be.', content },
        ...(isHealth ? { 503: { description: 'Not as it should be; the body says what.', content } } : {}),
      },
    },
  };
}

const serviceEndpoints: Readonly<Record<string, PathItem>> = {
  '/health': endpoint('getHealth', 'Whether the service and what it depends on are healthy', health),
  '/health/detailed': endpoint('getDetailedHealth', 'The same, with details for operators', health),
  '/health/live': endpoint('getLiveness', 'Whether the process answers; asks no dependency', probe),
  '/health/ready': endpoint('getReadiness', 'Whether this instance takes requests', probe),
  '/health/startup': endpoint('getStartup', 'Whether this instance has started', probe),
  '/metrics': endpoint('getMetrics', 'Metrics for Prometheus', { type: 'string' }, 'text/plain'),
};

/** The OpenAPI document of these routes and of the service endpoints. */
export const apiDocument = (routes: readonly Route[]): OpenApiDocument =>
  buildOpenApi({ routes, version, tags, extraPaths: serviceEndpoints });
