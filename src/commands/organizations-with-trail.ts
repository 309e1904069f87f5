import { Type } from 'typebox';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { findOrganization } from './find-organization.ts';

const OrgId = Type.Object({ org_id: Type.String() });

/** The organization that is named by id or slug, else all that have a trail or a chain. Throws OperationError where it is not there. */
export async function organizationsWithTrail(
  db: Database,
  named: string | undefined,
): Promise<readonly string[]> {
  if (named !== undefined) {
    const orgId = await findOrganization(db, named);
    if (orgId === undefined) {
      throw new OperationError(`There is no organization with the id or slug "${named}"`);
    }
    return [orgId];
  }
  return await db.transaction({}, async (tx) => {
    // @NOTE a door of row-level security for the owner alone: see migrations/0045-audit-chain.sql.
    await tx.run(sql`select set_config('app.sealing', 'yes', true)`);
    const rows = await tx.many(
      OrgId,
      sql`with recursive organization as (
            (select org_id from audit_events order by org_id limit 1)
            union all
            select (select e.org_id from audit_events e where e.org_id > o.org_id order by e.org_id limit 1)
            from organization o where o.org_id is not null
          )
          select org_id from organization where org_id is not null union select org_id from audit_chains order by 1`,
    );
    return rows.map(({ org_id }) => org_id);
  });
}
