import { type Static, Type } from 'typebox';
import {
  exactly,
  JsonObject,
  nullable,
  oneOf,
  pageOf,
  pageQuery,
  Timestamp,
  Uuid,
} from '../../platform/schemas/common-schemas.ts';

export const AuditEvent = exactly(
  {
    id: Uuid,
    org_id: Uuid,
    occurred_at: Timestamp,
    actor_type: oneOf(['user', 'operator']),
    actor_id: nullable(Uuid),
    action: Type.String({ examples: ['incident.updated'] }),
    resource_type: Type.String({ examples: ['incident'] }),
    resource_id: Uuid,
    team_id: nullable(Uuid),
    before: nullable(JsonObject),
    after: nullable(JsonObject),
    request_id: nullable(Type.String()),
    address: nullable(Type.String()),
  },
  { title: 'Audit Event' },
);
export type AuditEvent = Static<typeof AuditEvent>;

export const AuditListQuery = exactly({
  actor_id: Type.Optional(Uuid),
  action: Type.Optional(Type.String({ minLength: 1, maxLength: 100, examples: ['incident.updated'] })),
  resource_type: Type.Optional(Type.String({ minLength: 1, maxLength: 100, examples: ['incident'] })),
  resource_id: Type.Optional(Uuid),
  since: Type.Optional(Type.String({ format: 'date-time', description: 'At or after this instant.' })),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Before this instant.' })),
  ...pageQuery,
});
export type AuditListQuery = Static<typeof AuditListQuery>;
export const AuditPage = pageOf(AuditEvent, 'Audit Event Page');
