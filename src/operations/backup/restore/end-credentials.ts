import type { AuditAction } from '../../../platform/audit/audit-actions.ts';
import { withDatabase } from '../../../platform/database/dsn.ts';
import { insertOperatorEvent, operatorHere } from '../../../platform/operator-events/index.ts';
import { openDatabaseSession } from '../database/index.ts';

const restored: AuditAction = 'organization.restored';

/**
 * Ends every session and token that a restored database knows of, or that was signed for it since: what was revoked after the backup would be good
 * again. By another epoch, so that no clock has a say: see migrations/0018-sessions.sql.
 * @param dsn of a superuser
 */
export async function endCredentials(dsn: string): Promise<void> {
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  if (await isThere(session, 'credential_epoch')) {
    await client.query(
      `update credential_epoch set epoch = gen_random_uuid(), started_at = clock_timestamp(), unbound_until = '-infinity'`,
    );
  }
}

/**
 * Leaves word of a restore in the audit trail of every organization, and beside them; removes the sessions, which are over, and mails, which
 * were sent or would be sent again, so that nobody copies them back. After the contents were compared with those that were backed up.
 * @param details what was restored, as of when
 */
export async function traceRestore(dsn: string, details: object): Promise<void> {
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  if (!(await isThere(session, 'operator_events'))) {
    return;
  }
  await client.query('begin');
  if (await isThere(session, 'sessions')) {
    await client.query('delete from sessions');
  }
  if (await isThere(session, 'mail_tokens')) {
    await client.query('delete from mail_tokens');
  }
  if (await isThere(session, 'mails')) {
    await client.query('delete from mails');
  }
  await client.query(
    `insert into audit_events (org_id, id, occurred_at, actor_type, action, resource_type, resource_id, after)
     select o.id, gen_random_uuid(), greatest(clock_timestamp(), last.at + interval '1 ms'), 'operator', $2,
            'organization', o.id, $1
     from organizations o, lateral (
       select max(occurred_at) as at from audit_events e where e.org_id = o.id
     ) last`,
    [JSON.stringify({ ...details, ended: ['sessions'] }), restored],
  );
  // @NOTE where the schema is older than sessions, the migration that brings them looks for it.
  await insertOperatorEvent(client, operatorHere(), 'credentials.ended', details);
  await client.query('commit');
}

/** Both, in every database of a cluster that is one of ours. */
export async function endCredentialsOfCluster(dsn: string, details: object): Promise<void> {
  for (const database of await databasesOf(dsn)) {
    const each = withDatabase(dsn, database);
    await endCredentials(each);
    await traceRestore(each, details);
  }
}

async function databasesOf(dsn: string): Promise<string[]> {
  await using session = await openDatabaseSession(dsn);
  const { rows } = await session.client.query<{ name: string }>(
    'select datname as name from pg_database where datallowconn and not datistemplate order by 1',
  );
  return rows.map(({ name }) => name);
}

async function isThere(
  { client }: Awaited<ReturnType<typeof openDatabaseSession>>,
  table: string,
): Promise<boolean> {
  const { rowCount } = await client.query('select where to_regclass($1) is not null', [`public.${table}`]);
  return rowCount === 1;
}
