import { type Static, Type } from 'typebox';
import type { Queryable } from '../../platform/database/queryable.ts';
import { sql } from '../../platform/database/sql.ts';

const text = Type.Union([Type.String(), Type.Null()]);
const Person = Type.Object({
  id: Type.String(),
  org_id: Type.String(),
  kind: Type.String(),
  email: Type.String(),
  verified_email: text,
  is_deleted: Type.Boolean(),
  is_erased: Type.Boolean(),
});
export type Person = Static<typeof Person>;

export const findPerson = (within: Queryable, id: string): Promise<Person | undefined> =>
  within.maybe(
    Person,
    sql`select id, org_id, kind, email, verified_email, deleted_at is not null as is_deleted, erased_at is not null as is_erased
        from users where id = ${id}`,
  );

/** Leaves an empty shell, for what refers to the person, and nothing that lets anybody log in. Within their own scope. */
export async function emptyAccount(tx: Queryable, id: string, at: string): Promise<void> {
  for (const table of [
    sql`sessions`,
    sql`totp_factors`,
    sql`recovery_codes`,
    sql`passkeys`,
    sql`user_identities`,
    sql`mail_tokens`,
  ]) {
    await tx.run(sql`delete from ${table} where user_id = ${id}`);
  }
  await tx.run(sql`delete from idempotency_keys where principal_id = ${id}`);
  await tx.run(
    sql`update users set email = id::text || '@erased.invalid', username = 'erased-' || id::text, full_name = null, avatar_url = null,
          preferences = '{}', password_hash = null, verified_email = null, is_active = false, is_verified = false,
          updated_at = ${at}, erased_at = ${at}
        where id = ${id} and erased_at is null`,
  );
}

/** Takes out of an organization what its directory and its invitations say of the person; how many rows that were. Within its scope. */
export async function emptyRecords(
  tx: Queryable,
  orgId: string,
  { id, emails }: { readonly id: string; readonly emails: readonly string[] },
): Promise<number> {
  let rows = 0;
  for (const table of [
    sql`scim_group_members`,
    sql`external_group_members`,
    sql`mapped_memberships`,
    sql`scim_users`,
  ]) {
    rows += await tx.run(sql`delete from ${table} where org_id = ${orgId} and user_id = ${id}`);
  }
  rows += await tx.run(
    sql`update invitations set email = ${id} || '@erased.invalid', revoked_at = case when accepted_at is null then coalesce(revoked_at, now()) else revoked_at end
        where org_id = ${orgId} and email_key = any(select email_key(each) from unnest(${emails}::text[]) each)`,
  );
  return rows;
}
