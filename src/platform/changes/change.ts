import { type AuditEntry, insertAuditEntry } from '../audit/audit-entry.ts';
import type { Caller } from '../auth/caller.ts';
import type { Database } from '../database/database.ts';
import type { Transaction } from '../database/transaction.ts';
import { idempotencyStore } from './idempotency.ts';

/** Adds an entry to the audit trail, in the transaction of the change that it tells of. */
export type Record = (entry: AuditEntry) => void;

/**
 * A change to a tenant's data: one transaction that commits the rows, their audit entries and, where the request
 * carries an Idempotency-Key, the reply kept for it, all or nothing. Answers `work`'s reply, or the kept one.
 *
 * The permission must have been granted before (`caller.authorize`), so that a replay is authorized, too; a change of
 * rows without an audit entry does not commit.
 */
export async function change<Reply>(
  db: Database,
  caller: Caller,
  orgId: string,
  work: (tx: Transaction, record: Record) => Promise<Reply>,
): Promise<Reply> {
  if (!caller.isAuthorized) {
    throw new Error(`a change was tried before its permission ${caller.permission} was checked`);
  }
  const scope = { orgId, userId: caller.userId };
  const entries: AuditEntry[] = [];
  const reply = await db.transaction(scope, async (tx) => {
    const kept = caller.idempotency && idempotencyStore(tx, caller.principal, caller.idempotency);
    const earlier = await kept?.take();
    if (earlier !== undefined) {
      caller.replayed = true;
      return earlier as Reply;
    }
    const rowsBefore = tx.rowsWritten;
    const made = await work(tx, (entry) => entries.push(entry));
    if (tx.rowsWritten > rowsBefore && entries.length === 0) {
      throw new Error(`a change under ${caller.permission} has no audit entry`);
    }
    for (const entry of entries) {
      await tx.run(insertAuditEntry(orgId, caller, entry));
    }
    await kept?.keep(made);
    return made;
  });
  for (const { action } of entries) {
    db.changeRecorded(action);
  }
  return reply;
}
