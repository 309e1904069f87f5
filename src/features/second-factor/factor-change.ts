import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import type { AuditEntry } from '../../platform/audit/audit-entry.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import { change } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Transaction } from '../../platform/database/transaction.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { userStore } from '../users/index.ts';
import type { factorStore } from './factor-store.ts';
import { newRecoveryCodes } from './recovery-codes.ts';

/** A change of the caller's factors, one after the other: whoever makes one holds the lock on the user. */
export async function changeFactor<Reply>(
  db: Database,
  caller: Caller,
  action: AuditAction,
  work: (tx: Transaction) => Promise<Reply>,
  says: Pick<AuditEntry, 'before' | 'after'> = {},
): Promise<Reply> {
  const { orgId, userId } = caller;
  return await change(db, caller, orgId, async (tx, record) => {
    if (!(await userStore(tx).lock(userId))) {
      throw new ApiError('auth.unauthenticated');
    }
    const reply = await work(tx);
    const resource = { resourceType: 'user', resourceId: userId };
    record({ ...resource, ...says, at: await momentOf(tx, orgId, resource), action });
    return reply;
  });
}

/** What follows from a factor that was added: this session has it, all others are over. Recovery codes with the first; else none. */
export async function added(
  own: ReturnType<typeof factorStore>,
  caller: Caller,
  factor: 'totp' | 'passkey',
  isFirst: boolean,
): Promise<string[]> {
  const codes = isFirst ? newRecoveryCodes() : [];
  if (isFirst) {
    await own.replaceCodes(codes);
  }
  await own.endOtherSessions(sessionOf(caller));
  await own.vouch(sessionOf(caller), factor);
  return codes;
}

/** What follows from a factor that was removed: all other sessions are over. With the last one, nothing is asked for any more. */
export async function removed(own: ReturnType<typeof factorStore>, caller: Caller): Promise<void> {
  if (!(await own.isAskedFor())) {
    await own.removeCodes();
    await own.disavow(sessionOf(caller));
  }
  await own.endOtherSessions(sessionOf(caller));
}

const sessionOf = ({ principal }: Caller): string | null => principal.sessionId ?? null;
