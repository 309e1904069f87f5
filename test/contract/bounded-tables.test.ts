import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../harness/app.ts';

/** What keeps each table from growing without end: who adds one answers for it here. */
const bounds: Readonly<Record<string, readonly string[]>> = {
  // By src/platform/changes/sweep-expired.ts, every ten minutes, and what comes first.
  'rows expire, and are swept': ['idempotency_keys', 'login_attempts', 'mail_tokens', 'mails', 'sessions'],
  'each new login removes what expired': ['login_challenges', 'oidc_logins', 'passkey_challenges'],
  'rows go minutes or an hour later': ['access_changes', 'replication_marks'],
  'there is one row': ['credential_epoch', 'maintenance'],
  'brownie retention': ['audit_erasures', 'audit_events', 'audit_links', 'incident_events', 'stats'],
  'one row an organization': ['audit_chains', 'audit_prunings', 'config_revisions'],
  'a row for each of something that people keep': [
    'agent_config_versions',
    'agent_configs',
    'api_keys',
    'config_versions',
    'configs',
    'external_group_members',
    'group_mappings',
    'incidents',
    'invitations',
    'mapped_memberships',
    'organization_domains',
    'organization_memberships',
    'organizations',
    'passkeys',
    'proposals',
    'recovery_codes',
    'scim_group_members',
    'scim_groups',
    'scim_users',
    'search_entries',
    'team_memberships',
    'teams',
    'totp_factors',
    'user_identities',
    'users',
  ],
  'a row for what an operator or a release does': [
    'brownie_migrations',
    'data_keys',
    'jwt_keys',
    'jwt_superseded_secrets',
    'operator_events',
  ],
};

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('of every table it is known what keeps it from growing without end', async () => {
  const { rows } = await app.superuser.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
  );
  expect(Object.values(bounds).flat().toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
});

test('what expires is found by an index that begins with when it does', async () => {
  const { rows } = await app.superuser.query<{ name: string }>(
    `select distinct indrelid::regclass::text as name from pg_index i
     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where a.attname = 'expires_at'`,
  );
  expect(rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining([...(bounds['rows expire, and are swept'] ?? [])]),
  );
});
