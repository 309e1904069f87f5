import { type Static, Type } from 'typebox';
import {
  exactly,
  includeDeleted,
  JsonObject,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Tag,
  Tags,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';

export const IncidentStatus = oneOf(['open', 'in_progress', 'resolved', 'closed', 'cancelled']);
export type IncidentStatus = Static<typeof IncidentStatus>;
const Priority = oneOf(['low', 'medium', 'high', 'critical']);

const Title = Type.String({ minLength: 1, maxLength: 500, examples: ['Checkout answers 502 in eu-west-1'] });
const Text = nullable(Type.String({ maxLength: 50_000 }));
const IdempotencyKey = nullable(Type.String({ minLength: 1, maxLength: 255 }));
const Minutes = nullable(Type.Integer({ minimum: 0, description: 'Whole minutes since creation.' }));

const fields = {
  id: Uuid,
  org_id: Uuid,
  organization_id: Uuid,
  team_id: Uuid,
  title: Title,
  description: Text,
  status: IncidentStatus,
  priority: Priority,
  assigned_to: nullable(Uuid),
  tags: Tags,
  incident_metadata: JsonObject,
  idempotency_key: IdempotencyKey,
  version: Type.Integer({ minimum: 1 }),
  started_at: nullable(Timestamp),
  resolved_at: nullable(Timestamp),
  closed_at: nullable(Timestamp),
  response_time_minutes: Minutes,
  resolution_time_minutes: Minutes,
  created_by: nullable(Uuid),
  updated_by: nullable(Uuid),
  created_at: Timestamp,
  updated_at: Timestamp,
  deleted_at: nullable(Timestamp),
  deleted_by: nullable(Uuid),
};

export const Incident = exactly(fields, { title: 'Incident' });
export type Incident = Static<typeof Incident>;

const pathIds = { organization_id: Type.Optional(Uuid), team_id: Type.Optional(Uuid) };

const writable = {
  description: Type.Optional(Text),
  status: Type.Optional(IncidentStatus),
  priority: Type.Optional(Priority),
  assigned_to: Type.Optional(nullable(Uuid)),
  tags: Type.Optional(Tags),
  incident_metadata: Type.Optional(JsonObject),
};

export const NewIncident = exactly(
  { title: Title, ...writable, idempotency_key: Type.Optional(IdempotencyKey), ...pathIds },
  { title: 'New Incident' },
);
export type NewIncident = Static<typeof NewIncident>;

export const IncidentUpdate = exactly(
  { title: Type.Optional(Title), ...writable, ...pathIds },
  { title: 'Incident Update', minProperties: 1 },
);
export type IncidentUpdate = Static<typeof IncidentUpdate>;

export const IncidentPath = exactly({ incident_id: Uuid });
export const IncidentQuery = exactly({ include_deleted: includeDeleted });
const filters = {
  status: Type.Optional(IncidentStatus),
  priority: Type.Optional(Priority),
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Created at or after this instant.' }),
  ),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Text that title or description contain, in any case.',
    }),
  ),
  include_deleted: includeDeleted,
};
export const IncidentListQuery = exactly({ ...filters, ...pageQuery });
export type IncidentListQuery = Static<typeof IncidentListQuery>;
export const IncidentPage = pageOf(Incident, 'Incident Page');

export const IncidentSort = oneOf(['-created_at', 'created_at', '-updated_at', 'updated_at'], {
  default: '-created_at',
  description: 'What the list is sorted by; with a minus sign the latest come first.',
});
export type IncidentSort = Static<typeof IncidentSort>;
const IncidentField = oneOf(Object.keys(fields) as (keyof Incident)[]);

export const OrganizationIncidentQuery = exactly({
  ...filters,
  assigned_to: Type.Optional(Uuid),
  tags: Type.Optional(
    Type.Array(Tag, {
      maxItems: 20,
      description: 'Tags that an incident has, all of them: `tags=a&tags=b`.',
    }),
  ),
  updated_since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Changed at or after this instant.' }),
  ),
  sort: Type.Optional(IncidentSort),
  fields: Type.Optional(
    Type.Array(IncidentField, {
      minItems: 1,
      maxItems: Object.keys(fields).length,
      description: 'The only fields to answer with: `fields=id&fields=title`. All of them by default.',
    }),
  ),
  ...pageQuery,
});
export type OrganizationIncidentQuery = Static<typeof OrganizationIncidentQuery>;

export const IncidentSelection = exactly(Type.Partial(Type.Object(fields)).properties, {
  title: 'Incident Selection',
});
export type IncidentSelection = Static<typeof IncidentSelection>;
export const IncidentSelectionPage = pageOf(IncidentSelection, 'Incident Selection Page');

export const IncidentEvent = exactly(
  {
    id: Uuid,
    org_id: Uuid,
    incident_id: Uuid,
    type: oneOf([
      'created',
      'updated',
      'assigned',
      'status_changed',
      'reopened',
      'commented',
      'deleted',
      'restored',
    ]),
    actor_id: nullable(Uuid),
    comment: nullable(Type.String()),
    changes: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      additionalProperties: true,
      description: 'For each field that changed, `from` and `to`.',
      examples: [{ status: { from: 'open', to: 'in_progress' } }],
    }),
    created_at: Timestamp,
  },
  { title: 'Incident Event' },
);
export type IncidentEvent = Static<typeof IncidentEvent>;

export const NewComment = exactly(
  { comment: Type.String({ minLength: 1, maxLength: 10_000 }) },
  { title: 'New Comment' },
);
export const EventListQuery = exactly(pageQuery);
export type EventListQuery = Static<typeof EventListQuery>;
export const IncidentEventPage = pageOf(IncidentEvent, 'Incident Event Page');
