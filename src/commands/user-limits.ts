import { type Static, Type } from 'typebox';
import { organizationStore } from '../features/organizations/index.ts';
import { operator } from '../platform/audit/audit-entry.ts';
import { changeBy } from '../platform/changes/change.ts';
import { momentOf } from '../platform/changes/moment.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { nullable } from '../platform/schemas/common-schemas.ts';
import { commandConfig } from './command-config.ts';
import { isUuid } from './find-organization.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { report } from './outcome.ts';

export interface UserLimitOptions {
  readonly maxOrganizations?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const Found = Type.Object({
  id: Type.String(),
  org_id: Type.String(),
  email: Type.String(),
  max_organizations: nullable(Type.Integer()),
  updated_at: Type.String(),
});

/** Shows how many organizations a user owns and may own, and sets the latter where it is given, with an audit entry of the operator. */
export async function userLimits(user: string, options: UserLimitOptions): Promise<void> {
  const config = commandConfig();
  const usual = config.quotas.organizationsPerUser;
  await using database = await openMigratedDatabase(config);
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 10_000 });
  const found = await findUser(session.db, user);
  if (found === undefined) {
    throw new OperationError(`There is no user with the id or e-mail address "${user}"`);
  }
  const owned = await organizationStore(session.db.within({ userId: found.id })).countOwned(found.id);
  const before = found.max_organizations ?? usual;
  const after = options.maxOrganizations ?? before;
  if (after !== before && !options.dryRun) {
    await setLimit(session.db, found, after);
  }
  const change = before === after ? `${after}` : `${before} -> ${after}`;
  report(
    {
      exitCode: 0,
      text: [
        options.dryRun ? 'Nothing was changed. It would be:\n' : '',
        `${found.email} (${found.id})\n`,
        `  --max-organizations   ${change}  (${owned} in use)\n`,
      ].join(''),
      json: {
        isDryRun: options.dryRun ?? false,
        user: found.id,
        before,
        after,
        usage: { organizations: owned },
      },
    },
    options,
  );
}

/** The user who logs in with this address, or has this id; the deleted are nobody. */
async function findUser(db: Database, idOrEmail: string) {
  const scope = isUuid(idOrEmail) ? { userId: idOrEmail } : { loginEmail: idOrEmail };
  return await db
    .within(scope)
    .maybe(
      Found,
      sql`select id, org_id, email, max_organizations, updated_at from users where deleted_at is null`,
    );
}

async function setLimit(db: Database, user: Static<typeof Found>, limit: number): Promise<void> {
  const { id, org_id: orgId, max_organizations: before } = user;
  await changeBy(db, operator, orgId, async (tx, record) => {
    const resource = { resourceType: 'user', resourceId: id };
    const at = await momentOf(tx, orgId, resource, user.updated_at);
    await tx.run(sql`update users set max_organizations = ${limit} where id = ${id}`);
    record({
      ...resource,
      at,
      action: 'user.limits_changed',
      before: { max_organizations: before },
      after: { max_organizations: limit },
    });
  });
}
