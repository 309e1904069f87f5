import type pg from 'pg';

/** An audit entry as it stands in the database. */
export interface AuditRow {
  readonly org_id: string;
  readonly action: string;
  readonly actor_type: string;
  readonly actor_id: string | null;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly team_id: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly request_id: string | null;
  readonly address: string | null;
}

/** The audit entries that a request left, by the id that its reply carries. */
export async function auditOf(superuser: pg.Pool, reply: { readonly headers: Headers }): Promise<AuditRow[]> {
  const { rows } = await superuser.query<AuditRow>(
    `select org_id, action, actor_type, actor_id, resource_type, resource_id, team_id, before, after, request_id,
            host(address) as address
     from audit_events where request_id = $1 order by occurred_at, id`,
    [reply.headers.get('x-request-id')],
  );
  return rows;
}
