import { Type } from 'typebox';
import { type Tool, tool } from './tool.ts';
import { anObject, aPage, id, input, instant, optional, page, text } from './tool-schemas.ts';

export const whoAmITool: Tool = tool({
  name: 'whoami',
  title: 'Who am I',
  description: 'Who you act as, your organization, your teams with their ids and roles, and your scopes.',
  operations: ['whoAmI'],
  input: input({}),
  output: anObject,
  changes: 'nothing',
  run: (api) => api.call('whoAmI', {}),
});

export const teamTools: readonly Tool[] = [
  tool({
    name: 'list_teams',
    title: 'List teams',
    description: 'The teams of the organization, with their ids.',
    scope: 'organization:read',
    operations: ['listTeams'],
    input: input({}),
    output: { type: 'object', properties: { items: { type: 'array' } }, required: ['items'] },
    changes: 'nothing',
    run: async (api) => ({ items: await api.call('listTeams', { params: { org_id: api.orgId } }) }),
  }),
];

export const configurationTools: readonly Tool[] = [
  tool({
    name: 'find_agent_configs',
    title: 'Find agent configurations',
    description: 'The agent configurations of a team: their ids, types and names.',
    scope: 'agent_configs:read',
    operations: ['listAgentConfigs'],
    input: input({ team_id: id(), agent_type: optional(text(100)), q: optional(text(200)), ...page }),
    output: aPage,
    changes: 'nothing',
    run: (api, { team_id, ...query }) => api.call('listAgentConfigs', { params: { team_id }, query }),
  }),
  tool({
    name: 'propose_change',
    title: 'Propose a change',
    description:
      'Proposes to change fields of an agent configuration (as find_agent_configs shows them), for the version you have read. Somebody else decides.',
    scope: 'agent_configs:propose',
    operations: ['createProposal'],
    input: input({
      config_id: id(),
      base_version: Type.Integer({ minimum: 1 }),
      change: Type.Object({}, { additionalProperties: true }),
      reason: text(10_000),
      incident_ids: optional(Type.Array(id(), { maxItems: 20 })),
      run_id: optional(text(255)),
    }),
    output: {
      type: 'object',
      properties: { id: { type: 'string' }, status: { type: 'string' } },
      required: ['id', 'status'],
    },
    changes: 'adds',
    run: (api, { config_id, incident_ids, run_id, ...body }) =>
      api.call('createProposal', {
        params: { config_id },
        body: {
          ...body,
          evidence: { incident_ids: incident_ids ?? [], run_id: run_id ?? null },
        },
      }),
  }),
  tool({
    name: 'effective_configuration',
    title: 'Effective configuration',
    description:
      'What is in effect for an agent configuration, merged from all layers. With explain: from which layer and version each value is, and what it overrode.',
    scope: 'configs:read',
    operations: ['getEffectiveConfig'],
    input: input({ config_id: id('of an agent configuration'), explain: optional(Type.Boolean()) }),
    output: {
      type: 'object',
      properties: { effective: { type: 'object' }, hash: { type: 'string' } },
      required: ['effective', 'hash'],
    },
    changes: 'nothing',
    async run(api, { config_id, explain }) {
      const reply = await api.call('getEffectiveConfig', { params: { config_id } });
      return explain === true ? reply : { effective: reply['effective'], hash: reply['hash'] };
    },
  }),
];

export const statTools: readonly Tool[] = [
  tool({
    name: 'query_stats',
    title: 'Query measured values',
    description: 'Measured values of all teams you may read, latest first.',
    scope: 'stats:read',
    operations: ['listOrganizationStats'],
    input: input({
      metric_name: optional(text(255)),
      since: optional(instant()),
      until: optional(instant()),
      ...page,
    }),
    output: aPage,
    changes: 'nothing',
    run: (api, given) =>
      api.call('listOrganizationStats', {
        params: { org_id: api.orgId },
        query: { limit: 20, ...given },
      }),
  }),
  tool({
    name: 'record_stat',
    title: 'Record a measured value',
    description: 'Records a value for a team.',
    scope: 'stats:write',
    operations: ['createStat'],
    input: input({
      team_id: id(),
      metric_name: text(255),
      metric_type: Type.Enum(['counter', 'gauge', 'histogram', 'summary']),
      value: Type.Number(),
      timestamp: optional(instant('now by default')),
      unit: optional(text(50)),
    }),
    output: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    changes: 'adds',
    run: (api, { team_id, ...body }) => api.call('createStat', { params: { team_id }, body }),
  }),
];
