import type { Caller } from '../../platform/auth/caller.ts';
import { readWithin } from '../../platform/auth/read-within.ts';
import { recordAccess } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import { measuredRow, withinPageBytes } from '../../platform/database/page-bytes.ts';
import { type Sql, sql, when } from '../../platform/database/sql.ts';
import { type Cursors, isLong, listName, type Page, paginate } from '../../platform/http/cursor.ts';
import { AuditEvent, type AuditListQuery } from './audit-schemas.ts';

const MeasuredAuditEvent = measuredRow(AuditEvent);

const filtered = (query: AuditListQuery): Sql => sql`
  ${when(query.actor_id, () => sql`and actor_id = ${query.actor_id}`)}
  ${when(query.api_key_id, () => sql`and api_key_id = ${query.api_key_id}`)}
  ${when(query.action, () => sql`and action = ${query.action}`)}
  ${when(query.resource_type, () => sql`and resource_type = ${query.resource_type}`)}
  ${when(query.resource_id, () => sql`and resource_id = ${query.resource_id}`)}
  ${when(query.since, () => sql`and occurred_at >= ${query.since}`)}
  ${when(query.until, () => sql`and occurred_at < ${query.until}`)}`;

/** Reads the audit trail; it is written with the changes themselves, see `platform/changes`. */
export class AuditService {
  readonly #db: Database;
  readonly #cursors: Cursors;

  constructor(options: { readonly db: Database; readonly cursors: Cursors }) {
    this.#db = options.db;
    this.#cursors = options.cursors;
  }

  /** A page of it; that it was read is in it from then on, once an hour for each reader. */
  async list(caller: Caller, orgId: string, query: AuditListQuery): Promise<Page<AuditEvent>> {
    const page = await readWithin(this.#db, caller, {
      orgId,
      authorize: () => caller.authorize({ orgId }),
      isSlow: isLong(query),
      read: (within) =>
        paginate<typeof AuditEvent>({
          cursors: this.#cursors,
          list: listName('audit-events', { orgId, ...query }),
          query,
          key: { at: sql`occurred_at`, id: sql`id`, idType: sql`uuid` },
          positionOf: (event) => ({ at: event.occurred_at, id: event.id }),
          fetch: (rest) =>
            within.many(
              MeasuredAuditEvent,
              withinPageBytes(
                sql`select id, org_id, occurred_at,
                    case when api_key_id is null then actor_type else 'api_key' end as actor_type, actor_id, api_key_id, action, resource_type, resource_id, team_id, before,
                    after, request_id, host(address) as address
                  from audit_events where org_id = ${orgId} ${filtered(query)} ${rest}`,
                [sql`before`, sql`after`],
              ),
            ),
        }),
    });
    const subject = `${caller.userId} ${caller.apiKeyId ?? ''} ${orgId}`;
    await recordAccess(
      this.#db,
      orgId,
      {
        actor: caller,
        action: 'audit_trail.read',
        resourceType: 'organization',
        resourceId: orgId,
      },
      [{ kind: 'audit-read', subject, most: 1, perSeconds: 3_600 }],
    );
    return page;
  }
}
