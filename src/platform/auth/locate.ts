import { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { Caller } from './caller.ts';

/**
 * Finds a resource by its id alone, in the organizations the caller belongs to (nearly always one). Throws
 * `notFound` where none of them holds it, whether or not another one does.
 */
export async function locate<Found>(
  caller: Caller,
  notFound: ErrorCode,
  find: (orgId: string) => Promise<Found | undefined>,
): Promise<Found> {
  for (const orgId of caller.orgIds) {
    const found = await find(orgId);
    if (found !== undefined) {
      return found;
    }
  }
  throw new ApiError(notFound);
}
