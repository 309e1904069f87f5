import { v7 as uuidv7 } from 'uuid';
import type { AuditAction } from '../audit/audit-actions.ts';
import type { Actor } from '../audit/audit-entry.ts';
import type { SharedLimit } from '../auth/shared-limits.ts';
import type { Database } from '../database/database.ts';
import { failureOf } from '../database/database-failures.ts';
import { sql } from '../database/sql.ts';
import { ApiError } from '../errors/api-error.ts';

/** What somebody did that changed nothing; of a login that failed, the actor is whose account it was. */
const accessActions = [
  'session.begun',
  'session.reused',
  'user.login_failed',
  'access.refused',
  'audit_trail.read',
  'audit_trail.exported',
  'user.second_factor_failed',
  'user.passkey_copied',
] as const satisfies readonly AuditAction[];

export interface Access {
  readonly actor: Actor & { readonly userId: string };
  readonly action: (typeof accessActions)[number];
  readonly resourceType: string;
  readonly resourceId: string;
  readonly after?: object;
}

/**
 * Leaves an entry in an organization's audit trail of what changed nothing. No more than the limits say, counted by all instances together: logins that fail
 * are no way to fill the disk, and there is no entry for what comes beyond. None where people may read and no row may change: during
 * maintenance, and on a database that takes no writes.
 */
export async function recordAccess(
  db: Database,
  orgId: string,
  { actor, action, resourceType, resourceId, after }: Access,
  limits: readonly SharedLimit[],
): Promise<void> {
  const { userId, apiKeyId = null, requestId, address } = actor;
  const insert = sql`
    insert into audit_events (org_id, id, actor_type, actor_id, api_key_id, action, resource_type, resource_id, after, request_id, address)
    select ${orgId}::uuid, ${uuidv7()}::uuid, 'user', ${userId}::uuid, ${apiKeyId}::uuid, ${action}, ${resourceType}, ${resourceId}::uuid,
           ${after === undefined ? null : JSON.stringify(after)}::jsonb, ${requestId}, nullif(${address}, '')::inet
    where take_attempts(
      ${limits.map(({ kind }) => kind)}, ${limits.map(({ subject }) => subject)},
      ${limits.map(({ most }) => most)}, ${limits.map(({ perSeconds }) => perSeconds)}
    ) = 0`;
  try {
    if ((await db.within({ orgId, userId }).run(insert)) > 0) {
      db.changeRecorded(action);
    }
  } catch (error) {
    if (!isForWantOfWrites(error)) {
      throw error;
    }
  }
}

/** Whether something failed because no row may change just now: during maintenance, and on a database that takes no writes. */
export const isForWantOfWrites = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.code === 'service.maintenance' || failureOf(error.cause)?.kind === 'read_only');
