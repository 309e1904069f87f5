import { Type } from 'typebox';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';

const Found = Type.Object({ id: Type.String() });

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** The id of the organization with this id or slug, or undefined. An id wins over a slug that reads like one. */
export async function findOrganization(db: Database, idOrSlug: string): Promise<string | undefined> {
  if (isUuid(idOrSlug)) {
    const byId = await db
      .within({ orgId: idOrSlug })
      .maybe(Found, sql`select id from organizations where id = ${idOrSlug}`);
    if (byId !== undefined) {
      return byId.id;
    }
  }
  return await db.transaction({}, async (tx) => {
    // @NOTE a door of row-level security for the operator alone: see migrations/0006-organization-by-slug.sql.
    await tx.run(sql`select set_config('app.organization_slug', ${idOrSlug}, true)`);
    return (await tx.maybe(Found, sql`select id from organizations where slug = ${idOrSlug}`))?.id;
  });
}
