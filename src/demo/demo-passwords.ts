import { Type } from 'typebox';
import { operator } from '../platform/audit/audit-entry.ts';
import type { Passwords } from '../platform/auth/passwords.ts';
import { changeBy } from '../platform/changes/change.ts';
import { momentOf } from '../platform/changes/moment.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { type DemoLogin, demoLogins } from './demo-logins.ts';
import { demoOrganization } from './demo-organization.ts';
import type { LoginRole } from './people.ts';

const Credentials = Type.Object({ id: Type.String(), password_hash: Type.String() });
const Locked = Type.Object({ updated_at: Type.String() });
const orgId = demoOrganization.id;

/** A hash for each login; they differ, though the password is the same. */
export async function hashForEach(
  passwords: Passwords,
  password: string,
): Promise<ReadonlyMap<LoginRole, string>> {
  const hashes = demoLogins.map(async ({ role }) => [role, await passwords.hash(password)] as const);
  return new Map(await Promise.all(hashes));
}

/** True where the password is that of every login. */
export async function isCurrent(db: Database, passwords: Passwords, password: string): Promise<boolean> {
  const stored = await Promise.all(demoLogins.map((login) => credentialsOf(db, login)));
  const matches = await Promise.all(stored.map((each) => passwords.verify(password, each?.password_hash)));
  return matches.every(Boolean);
}

/** Gives every login the password, with an audit entry of the operator for each. */
export async function setPassword(db: Database, passwords: Passwords, password: string): Promise<void> {
  const hashes = await hashForEach(passwords, password);
  const stored = await Promise.all(demoLogins.map((login) => credentialsOf(db, login)));
  await changeBy(db, operator, orgId, async (tx, record) => {
    for (const [index, { role }] of demoLogins.entries()) {
      const id = stored[index]?.id;
      const password_hash = hashes.get(role);
      if (id === undefined || password_hash === undefined) {
        continue;
      }
      const resource = { resourceType: 'user', resourceId: id };
      const { updated_at: since } = await tx.one(
        Locked,
        sql`select updated_at from users where id = ${id} for no key update`,
      );
      const at = await momentOf(tx, orgId, resource, since);
      await tx.run(
        sql`update users set password_hash = ${password_hash}, updated_at = ${at} where id = ${id}`,
      );
      record({ ...resource, at, action: 'user.updated', after: { password: 'changed' } });
    }
  });
}

/** @NOTE undefined where the user was deleted, or was given another address, since the organization was filled. */
const credentialsOf = (db: Database, { email }: DemoLogin) =>
  db.within({ orgId }).maybe(
    Credentials,
    sql`select id, password_hash from users
          where email_key = email_key(${email}) and org_id = ${orgId} and deleted_at is null and password_hash is not null`,
  );
