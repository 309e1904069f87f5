import type { TestApp } from './app.ts';
import type { World } from './world.ts';

export const issuer = 'https://id.example.com';

/** Rows of worlds in the tables that no request of theirs has filled, so that what hides them can be tried. */
export async function fillTables({ superuser }: TestApp, worlds: readonly World[]): Promise<void> {
  for (const { tenant } of worlds) {
    await superuser.query(
      'insert into user_identities (issuer, subject, org_id, user_id) values ($1, $2, $3, $4)',
      [issuer, tenant.owner.id, tenant.orgId, tenant.owner.id],
    );
    await superuser.query(
      `with member as (
         insert into external_group_members (org_id, user_id, source, external_group) values ($1, $2, 'scim', 'all')
       )
       insert into mapped_memberships (org_id, team_id, user_id, role) values ($1, $3, $2, 'admin')`,
      [tenant.orgId, tenant.owner.id, tenant.teamId],
    );
    await superuser.query(
      `insert into audit_erasures (org_id, event_id, seq, entry_hash, signed_at, key_id, public_key, signature)
       values ($1, gen_random_uuid(), 1, sha256(''), now(), 'a key', 'its public half', 'a signature')`,
      [tenant.orgId],
    );
    await superuser.query(
      `insert into audit_prunings (org_id, seq, hash, signed_at, key_id, public_key, signature)
       values ($1, 1, sha256(''), now(), 'a key', 'its public half', 'a signature')`,
      [tenant.orgId],
    );
    await superuser.query(
      `insert into organization_domains (org_id, domain, provider) values ($1, $2, 'default')`,
      [tenant.orgId, `${tenant.orgId}.example`],
    );
  }
  // @NOTE the earliest entries first, of all tests: until those of these worlds have their places.
  const orgIds = worlds.map(({ tenant }) => tenant.orgId);
  const sealed = async (): Promise<number> => {
    await superuser.query('select seal_audit_events(1000, true)');
    const { rows } = await superuser.query<{ n: number }>(
      'select count(*)::int as n from audit_chains where org_id = any($1::uuid[])',
      [orgIds],
    );
    return rows[0]?.n ?? 0;
  };
  while ((await sealed()) < orgIds.length) {}
}
