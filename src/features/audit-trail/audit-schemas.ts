import { type Static, Type } from 'typebox';
import { auditActions } from '../../platform/audit/audit-actions.ts';
import {
  annotated,
  exactly,
  JsonObject,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';
import { exampleIds, OrgId, TeamId } from '../../platform/schemas/shared-fields.ts';

const codes = Object.entries(auditActions).map(([code, what]) => `- \`${code}\`: ${what}`);
const Action = Type.String({
  description: `What was done: the resource and a verb in its past form.\n\n${codes.join('\n')}`,
  examples: ['incident.updated'],
});
const ResourceType = Type.String({
  description: 'The kind of thing that was changed.',
  examples: ['incident'],
});
const bounded = { minLength: 1, maxLength: 100 } as const;

export const AuditEvent = exactly(
  {
    id: annotated(Uuid, { description: 'The id of the entry.', examples: [exampleIds.auditEvent] }),
    org_id: OrgId,
    occurred_at: annotated(Timestamp, { description: 'When it was done, in UTC.' }),
    actor_type: oneOf(['user', 'api_key', 'operator'], {
      title: 'Actor Type',
      description:
        'Who did something: a user, an API key that acts for one, or the operator of the service by a command.',
    }),
    actor_id: nullable(
      annotated(Uuid, {
        description: 'The user who did it, or for whom the key acts that did; null for the operator.',
        examples: [exampleIds.colleague],
      }),
    ),
    api_key_id: nullable(
      annotated(Uuid, {
        description: 'The API key that did it; null where it was none.',
        examples: [exampleIds.apiKey],
      }),
    ),
    action: Action,
    resource_type: ResourceType,
    resource_id: annotated(Uuid, {
      description: 'The id of what was changed.',
      examples: [exampleIds.incident],
    }),
    team_id: nullable(
      annotated(TeamId, { description: 'The team that it belongs to; null where it is of none.' }),
    ),
    before: nullable(
      annotated(JsonObject, { description: 'It as it was, secrets masked; null where it was made.' }),
    ),
    after: nullable(
      annotated(JsonObject, { description: 'It as it was then, secrets masked; null where it was deleted.' }),
    ),
    request_id: nullable(
      Type.String({
        description: 'The `X-Request-ID` of the request that did it; null for the operator.',
        examples: [exampleIds.request],
      }),
    ),
    address: nullable(
      Type.String({
        description: 'The IP address that it came from; null for the operator.',
        examples: ['203.0.113.7'],
      }),
    ),
  },
  {
    title: 'Audit Event',
    description: 'An entry of the audit trail: a change, who made it, and from where.',
  },
);
export type AuditEvent = Static<typeof AuditEvent>;

export const AuditListQuery = exactly({
  actor_id: Type.Optional(
    annotated(Uuid, {
      description: 'Only what this user did, their API keys with them.',
      examples: [exampleIds.colleague],
    }),
  ),
  api_key_id: Type.Optional(
    annotated(Uuid, { description: 'Only what this API key did.', examples: [exampleIds.apiKey] }),
  ),
  action: Type.Optional(Type.String({ ...Action, ...bounded, description: 'Only what was done so.' })),
  resource_type: Type.Optional(
    Type.String({ ...ResourceType, ...bounded, description: 'Only changes of things of this kind.' }),
  ),
  resource_id: Type.Optional(
    annotated(Uuid, { description: 'Only changes of this thing.', examples: [exampleIds.incident] }),
  ),
  since: Type.Optional(Type.String({ format: 'date-time', description: 'At or after this instant.' })),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Before this instant.' })),
  ...pageQuery,
});
export type AuditListQuery = Static<typeof AuditListQuery>;
export const AuditPage = pageOf(AuditEvent, 'Audit Event Page');
