import { Type } from 'typebox';
import { type Tool, tool } from './tool.ts';
import {
  anIncident,
  aPage,
  id,
  input,
  instant,
  optional,
  page,
  priority,
  status,
  tags,
  text,
} from './tool-schemas.ts';

/** What a list shows of an incident. */
const fields = [
  'id',
  'team_id',
  'title',
  'status',
  'priority',
  'assigned_to',
  'tags',
  'version',
  'created_at',
  'updated_at',
];

export const incidentTools: readonly Tool[] = [
  tool({
    name: 'find_incidents',
    title: 'Find incidents',
    description:
      'Incidents of all teams you may read, latest first. q searches title and description; all filters must hold. Look here before you report, and for earlier ones like yours.',
    scope: 'incidents:read',
    operations: ['listOrganizationIncidents'],
    input: input({
      q: optional(text(200, 'words, all of which must occur')),
      status: optional(status),
      priority: optional(priority),
      tags: optional(tags),
      assigned_to: optional(id()),
      since: optional(instant('created at or after')),
      updated_since: optional(instant()),
      ...page,
    }),
    output: aPage,
    changes: 'nothing',
    run: (api, given) =>
      api.call('listOrganizationIncidents', {
        params: { org_id: api.orgId },
        query: { limit: 20, ...given, fields },
      }),
  }),
  tool({
    name: 'read_incident',
    title: 'Read an incident',
    description: 'An incident with its timeline, latest event first. version is what update_incident takes.',
    scope: 'incidents:read',
    operations: ['getIncident', 'listIncidentEvents'],
    input: input({ incident_id: id(), ...page }),
    output: {
      type: 'object',
      properties: { incident: anIncident, timeline: aPage },
      required: ['incident', 'timeline'],
    },
    changes: 'nothing',
    async run(api, { incident_id, ...query }) {
      const params = { incident_id };
      const incident = await api.call('getIncident', { params });
      return { incident, timeline: await api.call('listIncidentEvents', { params, query }) };
    },
  }),
  tool({
    name: 'report_incident',
    title: 'Report an incident',
    description:
      'Reports an incident to a team (see whoami for its id). Give a dedup_key that names what is wrong: while an incident of the organization has it, you get that one instead of another.',
    scope: 'incidents:write',
    operations: ['createIncident'],
    input: input({
      team_id: id(),
      title: text(500),
      description: optional(text(50_000)),
      priority: optional(priority),
      tags: optional(tags),
      dedup_key: optional(text(255)),
    }),
    output: anIncident,
    changes: 'adds',
    run: (api, { team_id, dedup_key, ...body }) =>
      api.call('createIncident', {
        params: { team_id },
        body: { ...body, ...(dedup_key === undefined ? {} : { idempotency_key: dedup_key }) },
      }),
  }),
  tool({
    name: 'update_incident',
    title: 'Update an incident',
    description:
      'Changes what you name and leaves the rest: status (resolved when it is over), priority, assignee, title, description, tags. With version it is refused if somebody changed the incident since you read it.',
    scope: 'incidents:write',
    operations: ['updateIncident'],
    input: input({
      incident_id: id(),
      version: optional(Type.Integer({ minimum: 1 })),
      status: optional(status),
      priority: optional(priority),
      assigned_to: optional(id('a user of the organization')),
      title: optional(text(500)),
      description: optional(text(50_000)),
      tags: optional(tags),
    }),
    output: anIncident,
    changes: 'replaces',
    run: (api, { incident_id, version, ...body }) =>
      api.call('updateIncident', { params: { incident_id }, ifMatch: version, body }),
  }),
  tool({
    name: 'comment_on_incident',
    title: 'Comment on an incident',
    description: 'Adds a comment to the timeline: what you found, did or ruled out. It cannot be changed.',
    scope: 'incidents:write',
    operations: ['commentIncident'],
    input: input({ incident_id: id(), comment: text(10_000) }),
    output: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    changes: 'adds',
    run: (api, { incident_id, ...body }) => api.call('commentIncident', { params: { incident_id }, body }),
  }),
];
