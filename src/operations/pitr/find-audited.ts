import { openDatabaseSession } from '../backup/database/index.ts';

/** What is looked for in the audit trail, of all organizations. */
export interface AuditSearch {
  readonly since: Date;
  readonly until: Date;
  /** `incident.deleted` */
  readonly action: string | undefined;
  /** The id of what was changed. */
  readonly resource: string | undefined;
}

/** A change that the audit trail tells of. */
export interface AuditedChange {
  /** RFC 3339, to the millisecond. */
  readonly occurredAt: string;
  readonly organizationId: string;
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string;
  /** The user who did it; null: an operator. */
  readonly actorId: string | null;
}

const changesMax = 1_000;

/**
 * Finds changes by what happened, the oldest first, and no more than the first thousand. Expects a login that sees the rows of every
 * organization, as that of backups does.
 */
export async function findAudited(
  dsn: string,
  { since, until, action, resource }: AuditSearch,
): Promise<readonly AuditedChange[]> {
  await using session = await openDatabaseSession(dsn);
  const { rows } = await session.client.query<AuditedChange>(
    `select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "occurredAt",
            org_id as "organizationId", action, resource_type as "resourceType", resource_id as "resourceId",
            actor_id as "actorId"
     from audit_events
     where occurred_at between $1 and $2 and ($3::text is null or action = $3) and ($4::uuid is null or resource_id = $4)
     order by audit_events.occurred_at, id
     limit ${changesMax}`,
    [since, until, action ?? null, resource ?? null],
  );
  return rows;
}
