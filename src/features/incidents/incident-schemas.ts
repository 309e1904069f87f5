import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  includeDeleted,
  JsonObject,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  searchQuery,
  Tag,
  Tags,
  Timestamp,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import {
  CreatedAt,
  CreatedBy,
  DeletedAt,
  DeletedBy,
  exampleIds,
  OrganizationId,
  OrgId,
  RepeatedOrganizationId,
  RepeatedTeamId,
  TeamId,
  UpdatedAt,
  UpdatedBy,
} from '../../platform/schemas/shared-fields.ts';

export const IncidentStatus = oneOf(['open', 'in_progress', 'resolved', 'closed', 'cancelled'], {
  title: 'Incident Status',
  description:
    'Where an incident stands. Any may follow any; leaving the last three for the first two reopens it.',
});
export type IncidentStatus = Static<typeof IncidentStatus>;
const IncidentPriority = oneOf(['low', 'medium', 'high', 'critical'], {
  title: 'Incident Priority',
  description: 'How much an incident matters.',
  examples: ['high'],
});

const Title = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'What is wrong, in a line.',
  examples: ['Checkout answers 502 in eu-west-1'],
});
const Text = nullable(
  Type.String({
    maxLength: 50_000,
    description: 'What is known of it, at length; null where nobody said.',
    examples: ['Since 04:00 UTC one request in three fails; the database is fine.'],
  }),
);
const IdempotencyKey = nullable(
  Type.String({
    minLength: 1,
    maxLength: 255,
    description:
      'A name of yours for what the incident is about. While an incident of the organization has it, creating another with it gives that one. Null for none.',
    examples: ['alert-4711'],
  }),
);
const minutes = (until: string) =>
  nullable(
    Type.Integer({
      minimum: 0,
      description: `Whole minutes from \`created_at\` to \`${until}\`, rounded down; null without the latter.`,
    }),
  );
const moment = (description: string) => nullable(annotated(Timestamp, { description }));
const IncidentId = annotated(Uuid, {
  description: 'The id of the incident.',
  examples: [exampleIds.incident],
});
const AssignedTo = nullable(
  annotated(Uuid, {
    description: 'The user who works on it, an active one of the organization; null for nobody.',
    examples: [exampleIds.colleague],
  }),
);
const Metadata = annotated(JsonObject, {
  description: 'Data of your own, stored as they are.',
  examples: [{ alert: 'CheckoutErrors' }],
});

const fields = {
  id: IncidentId,
  org_id: OrgId,
  organization_id: OrganizationId,
  team_id: TeamId,
  title: Title,
  description: Text,
  status: IncidentStatus,
  priority: IncidentPriority,
  assigned_to: AssignedTo,
  tags: Tags,
  incident_metadata: Metadata,
  idempotency_key: IdempotencyKey,
  version: Type.Integer({
    minimum: 1,
    description: 'Counts the changes, from 1 on; the `ETag`, for `If-Match`.',
  }),
  started_at: moment('When work began: it left `open`, or was assigned, for the first time. Null before.'),
  resolved_at: moment('When it was resolved last, in UTC; null before, and once it is reopened.'),
  closed_at: moment('Since when it is closed, in UTC; null where it is not.'),
  response_time_minutes: minutes('started_at'),
  resolution_time_minutes: minutes('resolved_at'),
  created_by: CreatedBy,
  updated_by: UpdatedBy,
  created_at: CreatedAt,
  updated_at: UpdatedAt,
  deleted_at: DeletedAt,
  deleted_by: DeletedBy,
};

export const Incident = exactly(fields, {
  title: 'Incident',
  description: 'Something that went wrong, which a team deals with.',
});
export type Incident = Static<typeof Incident>;

const pathIds = {
  organization_id: Type.Optional(RepeatedOrganizationId),
  team_id: Type.Optional(RepeatedTeamId),
};

export const NewIncident = exactly(
  {
    title: Title,
    description: withDefault(Text, null),
    status: withDefault(IncidentStatus, 'open'),
    priority: withDefault(IncidentPriority, 'medium'),
    assigned_to: withDefault(AssignedTo, null),
    tags: withDefault(Tags, []),
    incident_metadata: withDefault(Metadata, {}),
    idempotency_key: withDefault(IdempotencyKey, null),
    ...pathIds,
  },
  { title: 'New Incident', description: 'An incident to be made.' },
);
export type NewIncident = Static<typeof NewIncident>;

export const IncidentUpdate = exactly(
  {
    title: Type.Optional(Title),
    description: Type.Optional(Text),
    status: Type.Optional(IncidentStatus),
    priority: Type.Optional(IncidentPriority),
    assigned_to: Type.Optional(AssignedTo),
    tags: Type.Optional(Tags),
    incident_metadata: Type.Optional(Metadata),
    ...pathIds,
  },
  {
    title: 'Incident Update',
    description: 'Fields of an incident to change; those that are left out stay.',
    minProperties: 1,
  },
);
export type IncidentUpdate = Static<typeof IncidentUpdate>;

export const IncidentPath = exactly({ incident_id: IncidentId });
export const IncidentQuery = exactly({ include_deleted: includeDeleted });
const filters = {
  status: Type.Optional(annotated(IncidentStatus, { description: 'Only those that stand so.' })),
  priority: Type.Optional(annotated(IncidentPriority, { description: 'Only those that matter so much.' })),
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Created at or after this instant.' }),
  ),
  assigned_to: Type.Optional(
    annotated(Uuid, {
      description: 'Only those that this user works on.',
      examples: [exampleIds.colleague],
    }),
  ),
  tag: Type.Optional(
    Type.Array(Tag, {
      maxItems: 20,
      description: 'Tags that an incident has, all of them: `tag=a&tag=b`.',
    }),
  ),
  q: searchQuery('title or description'),
  include_deleted: includeDeleted,
};
export const IncidentListQuery = exactly({ ...filters, ...pageQuery });
export type IncidentListQuery = Static<typeof IncidentListQuery>;
export const IncidentPage = pageOf(Incident, 'Incident Page');

export const IncidentSort = oneOf(['-created_at', 'created_at', '-updated_at', 'updated_at'], {
  title: 'Incident Sort',
  description: 'What a list is sorted by; with a minus sign the latest come first.',
});
export type IncidentSort = Static<typeof IncidentSort>;
const IncidentField = oneOf(Object.keys(fields) as (keyof Incident)[], {
  title: 'Incident Field',
  description: 'The name of a field of an incident.',
});

export const OrganizationIncidentQuery = exactly({
  ...filters,
  tags: Type.Optional(
    Type.Array(Tag, { maxItems: 20, description: 'Another name of `tag`: the tags of both are looked for.' }),
  ),
  updated_since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Changed at or after this instant.' }),
  ),
  sort: withDefault(IncidentSort, '-created_at'),
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
  description: 'An incident with the fields that were asked for, all of them where none were named.',
});
export type IncidentSelection = Static<typeof IncidentSelection>;
export const IncidentSelectionPage = pageOf(IncidentSelection, 'Incident Selection Page');

const IncidentEventType = oneOf(
  ['created', 'updated', 'assigned', 'status_changed', 'reopened', 'commented', 'deleted', 'restored'],
  { title: 'Incident Event Type', description: 'The kind of event that tells best of what happened.' },
);

export const IncidentEvent = exactly(
  {
    id: annotated(Uuid, { description: 'The id of the event.', examples: [exampleIds.event] }),
    org_id: OrgId,
    incident_id: annotated(IncidentId, { description: 'The incident that it is about.' }),
    type: IncidentEventType,
    actor_id: nullable(
      annotated(Uuid, {
        description: 'The user who did it; null where no user is known to have.',
        examples: [exampleIds.colleague],
      }),
    ),
    comment: nullable(Type.String({ description: 'What was said; null for events other than `commented`.' })),
    changes: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      additionalProperties: true,
      description: 'For each field that changed, `from` and `to`.',
      examples: [{ status: { from: 'open', to: 'in_progress' } }],
    }),
    created_at: annotated(CreatedAt, { description: 'When it happened, in UTC.' }),
  },
  { title: 'Incident Event', description: 'What happened to an incident: a line of its timeline.' },
);
export type IncidentEvent = Static<typeof IncidentEvent>;

export const NewComment = exactly(
  {
    comment: Type.String({
      minLength: 1,
      maxLength: 10_000,
      description: 'What there is to say. It can be neither changed nor deleted.',
    }),
  },
  { title: 'New Comment', description: 'A comment on an incident.' },
);
export const EventListQuery = exactly(pageQuery);
export type EventListQuery = Static<typeof EventListQuery>;
export const IncidentEventPage = pageOf(IncidentEvent, 'Incident Event Page');
