import type { Database } from '../database/database.ts';
import type { Queryable } from '../database/queryable.ts';
import { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { Caller } from './caller.ts';

/**
 * Finds a resource by its id alone, in the organizations the caller belongs to (nearly always one): in that of the token first,
 * in the round trip that says who calls. Throws `notFound` where none of them holds it, whether or not another one does.
 */
export async function locate<Found>(
  db: Database,
  caller: Caller,
  notFound: ErrorCode,
  find: (within: Queryable, orgId: string) => Promise<Found | undefined>,
): Promise<Found> {
  const { orgId: own, pending } = caller;
  const found = await find(db.lookUp({ orgId: own }, pending), own);
  if (found !== undefined) {
    return found;
  }
  for (const orgId of caller.orgIds) {
    const elsewhere = orgId === own ? undefined : await find(db.lookUp({ orgId }), orgId);
    if (elsewhere !== undefined) {
      return elsewhere;
    }
  }
  throw new ApiError(notFound);
}
