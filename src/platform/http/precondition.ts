import { ApiError } from '../errors/api-error.ts';

/** Throws 412 where the caller's If-Match names another version than the current one (RFC 9110, 13.1.1). */
export function requireVersion(ifMatch: number | undefined, current: number): void {
  if (ifMatch !== undefined && ifMatch !== current) {
    throw new ApiError('precondition.stale', {
      headers: { etag: `"${current}"` },
      why: `version ${ifMatch} is expected, and ${current} is there`,
    });
  }
}
