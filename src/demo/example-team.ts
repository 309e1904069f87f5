import { Type } from 'typebox';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { demoOrganization } from './demo-organization.ts';

const orgId = demoOrganization.id;

/** The id of the team that examples look at, or undefined where it was renamed since. */
export async function exampleTeamId(db: Database): Promise<string | undefined> {
  const team = await db
    .within({ orgId })
    .maybe(
      Type.Object({ id: Type.String() }),
      sql`select id from teams where org_id = ${orgId} and slug = 'payments'`,
    );
  return team?.id;
}
