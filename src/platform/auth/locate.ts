import { Type } from 'typebox';
import type { Database } from '../database/database.ts';
import type { Queryable } from '../database/queryable.ts';
import { sql } from '../database/sql.ts';
import { ApiError } from '../errors/api-error.ts';
import type { Caller } from './caller.ts';

const Holder = Type.Object({ org_id: Type.Union([Type.String(), Type.Null()]) });

/** A resource that a path names by its id alone. */
export interface Located {
  readonly kind: 'team' | 'user' | 'incident' | 'agent_config' | 'config' | 'proposal' | 'stats' | 'api_key';
  readonly id: string;
}

/**
 * Finds a resource by its id alone, in the organizations the caller belongs to (nearly always one): in that of the token first,
 * in the round trip that says who calls; then in the one that holds it, which the database says in one statement, however many they
 * are. Throws 404 `<kind>.not_found` where none of them holds it, whether or not another one does.
 */
export async function locate<Found>(
  db: Database,
  caller: Caller,
  { kind, id }: Located,
  find: (within: Queryable, orgId: string) => Promise<Found | undefined>,
): Promise<Found> {
  const { orgId: own, userId, pending } = caller;
  const found = await find(db.lookUp({ orgId: own }, pending), own);
  if (found !== undefined) {
    return found;
  }
  if (caller.principal.organizations.size > 1) {
    const { org_id: holder } = await db
      .lookUp({ userId })
      .one(Holder, sql`select organization_of(${kind}, ${id}) as org_id`);
    const elsewhere =
      holder === null || holder === own ? undefined : await find(db.lookUp({ orgId: holder }), holder);
    if (elsewhere !== undefined) {
      return elsewhere;
    }
  }
  throw new ApiError(`${kind}.not_found`);
}
