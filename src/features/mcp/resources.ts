import type { Scope } from '../../platform/auth/scopes.ts';
import { type Operations, ToolFault } from './tool.ts';

interface Resource {
  readonly name: string;
  readonly title: string;
  readonly uriTemplate: string;
  readonly scope: Scope;
  read(api: Operations, id: string): Promise<object>;
}

const resources: Readonly<Record<string, Resource>> = {
  incidents: {
    name: 'incident',
    title: 'An incident with its timeline',
    uriTemplate: 'brownie://incidents/{incident_id}',
    scope: 'incidents:read',
    async read(api, id) {
      const params = { incident_id: id };
      const incident = await api.call('getIncident', { params });
      return { incident, timeline: await api.call('listIncidentEvents', { params }) };
    },
  },
  'agent-configs': {
    name: 'agent_configuration',
    title: 'An agent configuration',
    uriTemplate: 'brownie://agent-configs/{config_id}',
    scope: 'agent_configs:read',
    read: (api, id) => api.call('getAgentConfig', { params: { config_id: id } }),
  },
};

/** The operations that resources are read by. */
export const resourceOperations: readonly string[] = ['getIncident', 'listIncidentEvents', 'getAgentConfig'];

/** What there is to read by its id, as far as the caller may. */
export const resourceTemplates = (scopes: readonly Scope[]) =>
  Object.values(resources)
    .filter(({ scope }) => scopes.includes(scope))
    .map(({ name, title, uriTemplate }) => ({ name, title, uriTemplate, mimeType: 'application/json' }));

/** Throws ToolFault where there is nothing to read. */
export async function readResource(api: Operations, uri: string): Promise<object> {
  const [, kind = '', id = ''] = /^brownie:\/\/([a-z-]+)\/([^/?#]+)$/.exec(uri) ?? [];
  const resource = Object.hasOwn(resources, kind) ? resources[kind] : undefined;
  if (resource === undefined) {
    const known = Object.values(resources).map(({ uriTemplate }) => uriTemplate);
    throw new ToolFault(404, `There is no resource ${uri}. There are: ${known.join(', ')}.`);
  }
  return await resource.read(api, id);
}
