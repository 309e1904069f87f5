import { Type } from 'typebox';
import { factorStore } from '../features/second-factor/index.ts';
import { operator } from '../platform/audit/audit-entry.ts';
import { changeBy } from '../platform/changes/change.ts';
import { momentOf } from '../platform/changes/moment.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { isUuid } from './find-organization.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { report } from './outcome.ts';

export interface SecondFactorOptions {
  readonly remove?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const Found = Type.Object({ id: Type.String(), org_id: Type.String(), email: Type.String() });

/** Shows which second factors a user has, and removes them where they are lost, with an audit entry of the operator; their sessions are over then. */
export async function secondFactor(user: string, options: SecondFactorOptions): Promise<void> {
  await using database = await openMigratedDatabase(commandConfig());
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 10_000 });
  const { db } = session;
  // @NOTE the condition too: whoever owns the tables may be a superuser, who sees all rows.
  const [scope, isTheirs] = isUuid(user)
    ? [{ userId: user }, sql`id = ${user}`]
    : [{ loginEmail: user }, sql`email_key = email_key(${user})`];
  const found = await db
    .within(scope)
    .maybe(Found, sql`select id, org_id, email from users where deleted_at is null and ${isTheirs}`);
  if (found === undefined) {
    throw new OperationError(`There is no user with the id or e-mail address "${user}"`);
  }
  const { id, email } = found;
  const before = await factorStore(db.within({ userId: id }), id).state();
  const hasOne = before.confirmed_at !== null || before.passkeys > 0;
  const isRemoved = (options.remove ?? false) && hasOne;
  if (isRemoved && !options.dryRun) {
    await removeFactor(db, found);
  }
  const has = [
    ...(before.confirmed_at === null ? [] : [`one-time passwords since ${before.confirmed_at}`]),
    ...(before.passkeys === 0 ? [] : [`passkeys: ${before.passkeys}`]),
    ...(hasOne ? [`recovery codes left: ${before.codes_left}`] : ['no second factor']),
  ].join(', ');
  const done = options.dryRun
    ? 'Nothing was changed. It would be removed.\n'
    : 'Removed; their sessions are over.\n';
  report(
    {
      exitCode: 0,
      text: `${email} (${id})\n  ${has}\n${isRemoved ? done : ''}`,
      json: { isDryRun: options.dryRun ?? false, user: id, before, isRemoved },
    },
    options,
  );
}

async function removeFactor(
  db: Database,
  { id, org_id: orgId }: { readonly id: string; readonly org_id: string },
) {
  await changeBy(db, operator, orgId, async (tx, record) => {
    await tx.run(sql`select from users where id = ${id} for no key update`);
    const resource = { resourceType: 'user', resourceId: id };
    const at = await momentOf(tx, orgId, resource);
    await tx.enter({ orgId, userId: id });
    await factorStore(tx, id).remove();
    await factorStore(tx, id).endOtherSessions(null);
    await tx.enter({ orgId });
    record({ ...resource, at, action: 'user.second_factor_removed' });
  });
}
