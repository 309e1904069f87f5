import { v7 as uuidv7 } from 'uuid';
import { insertion, type Sql, sql } from '../database/sql.ts';
import type { AuditAction } from './audit-actions.ts';
import { maskSecrets } from './mask.ts';

/** What an audit entry says of a change; who made it is added from the caller. */
export interface AuditEntry {
  /** When: the `created_at` of what was made, else `momentOf` the change (platform/changes), RFC 3339. */
  readonly at: string;
  /** Dotted, past the noun: `team.created`. */
  readonly action: AuditAction;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly teamId?: string | null;
  /** The resource as it was and as it is; secrets in it are masked here. */
  readonly before?: object | null;
  readonly after?: object | null;
}

/** Who made a change. */
export interface Actor {
  readonly userId: string | null;
  /** The API key that the user's rights were used with, where it was one. */
  readonly apiKeyId?: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
}

/** Whoever runs a command on the service as a whole. */
export const operator: Actor = { userId: null, requestId: null, address: null };

const snapshot = (value: object | null | undefined): string | null =>
  value == null ? null : JSON.stringify(maskSecrets(value));

/** The statement that adds an entry to an organization's audit trail. An actor without a user is the operator. */
export const insertAuditEntry = (orgId: string, actor: Actor, entry: AuditEntry): Sql =>
  sql`insert into audit_events ${insertion({
    org_id: orgId,
    id: uuidv7(),
    occurred_at: entry.at,
    actor_type: actor.userId === null ? 'operator' : 'user',
    actor_id: actor.userId,
    api_key_id: actor.apiKeyId ?? null,
    action: entry.action,
    resource_type: entry.resourceType,
    resource_id: entry.resourceId,
    team_id: entry.teamId ?? null,
    before: snapshot(entry.before),
    after: snapshot(entry.after),
    request_id: actor.requestId,
    address: actor.address,
  })}`;
