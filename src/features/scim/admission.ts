import type { Caller } from '../../platform/auth/caller.ts';
import type { SharedLimits } from '../../platform/auth/shared-limits.ts';
import { ApiError } from '../../platform/errors/api-error.ts';

/** Requests a minute and key: twice what Entra asks of a service (25 a second). */
const mostPerMinute = 3_000;

/**
 * Lets a directory in, by its key, and answers whose organization it is. Throws 403 `auth.key_required` for a person who has logged in, 429 `rate.limited`.
 */
export async function admitDirectory(caller: Caller, limits: SharedLimits): Promise<string> {
  const { apiKey, orgId } = await caller.pending.known();
  if (apiKey === undefined) {
    throw new ApiError('auth.key_required');
  }
  caller.authorize({ orgId });
  await limits.take([{ kind: 'scim-key', subject: apiKey.id, most: mostPerMinute, perSeconds: 60 }]);
  return orgId;
}
