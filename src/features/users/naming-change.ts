import type { Caller } from '../../platform/auth/caller.ts';
import type { SharedLimit, SharedLimits } from '../../platform/auth/shared-limits.ts';
import { change, type Work } from '../../platform/changes/change.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/errors/api-error.ts';

const taken = new Set(['user.email_taken', 'user.username_taken']);
const perSeconds = 3_600;

/**
 * A change that gives a user an address or a name: one who is made, or `renamed`. "Already exists" tells that somebody of another organization has
 * it: a caller is told so 20 times an hour, and all callers of an organization together 100 times. That nobody has it is told by success: a
 * user is renamed ten times an hour at most. Counted before the work, by all instances together; what gave no such answer is
 * given back. Throws 429 `rate.limited`.
 */
export async function namingChange<Reply>(
  { db, limits }: { readonly db: Database; readonly limits: SharedLimits },
  caller: Caller,
  { orgId, renamed }: { readonly orgId: string; readonly renamed?: string },
  work: Work<Reply>,
): Promise<Reply> {
  const told: readonly SharedLimit[] = [
    { kind: 'name-taken-user', subject: caller.userId, most: 20, perSeconds },
    { kind: 'name-taken-organization', subject: orgId, most: 100, perSeconds },
  ];
  const renaming: readonly SharedLimit[] =
    renamed === undefined ? [] : [{ kind: 'renamed', subject: renamed, most: 10, perSeconds }];
  await limits.take([...renaming, ...told]);
  let reply: Reply;
  try {
    reply = await change(db, caller, orgId, work);
  } catch (error) {
    if (!(error instanceof ApiError && taken.has(error.code))) {
      await limits.giveBack([...renaming, ...told]);
    }
    throw error;
  }
  await limits.giveBack(told);
  return reply;
}
