import { describedEndpoints } from '../features/instance/index.ts';
import { buildOpenApi, type OpenApiDocument } from '../platform/documents/index.ts';
import type { Route } from '../platform/http/route.ts';
import { version } from '../platform/system/version.ts';

const tags = [
  { name: 'Identity', description: 'Signing up, logging in, and who the caller is.' },
  { name: 'Organizations', description: 'Tenants. Everything else belongs to one.' },
  { name: 'Teams', description: 'Teams of an organization and who is in them.' },
  { name: 'Group mappings', description: 'What groups of an identity provider or directory give of teams.' },
  { name: 'Invitations', description: 'People who are asked by mail to join an organization.' },
  { name: 'Users', description: 'People, as members of an organization.' },
  { name: 'Incidents', description: 'Incidents of a team, their timelines and comments.' },
  { name: 'Proposals', description: 'Changes of agent configurations that somebody else decides on.' },
  { name: 'Agent configurations', description: 'How agents are to behave, with every version kept.' },
  {
    name: 'Configurations',
    description: 'What agents are told in layers, what is in effect of it, and why.',
  },
  { name: 'Stats', description: 'Measured values of a team.' },
  { name: 'API keys', description: 'What agents and senders of alerts call with, in place of a login.' },
  {
    name: 'SCIM',
    description: 'People and groups of an organization, for its directory: SCIM 2.0 (RFC 7643, 7644).',
  },
  { name: 'Audit trail', description: 'Who changed what, from where.' },
  { name: 'Service', description: 'For load balancers, operators and Prometheus.' },
];

/**
 * The OpenAPI document of these routes and of the service endpoints. `serverUrl` is where the service is reached, for a
 * document that is read elsewhere.
 */
export const apiDocument = (routes: readonly Route[], serverUrl?: string): OpenApiDocument =>
  buildOpenApi({ routes, version, tags, serverUrl, endpoints: describedEndpoints });
