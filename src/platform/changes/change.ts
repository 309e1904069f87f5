import { type Actor, type AuditEntry, insertAuditEntry } from '../audit/audit-entry.ts';
import type { Caller } from '../auth/caller.ts';
import type { Database } from '../database/database.ts';
import type { Scope } from '../database/scope.ts';
import type { Transaction } from '../database/transaction.ts';
import { requireRoomInHistory } from './history-limit.ts';
import { idempotencyStore } from './idempotency.ts';

/** Adds an entry to the audit trail, in the transaction of the change that it tells of. */
export type RecordEntry = (entry: AuditEntry) => void;

/** Writes the rows of a change and records what it did; see `Database.transaction` for what does not belong there. */
export type Work<Reply> = (tx: Transaction, record: RecordEntry) => Promise<Reply>;

interface Done<Reply> {
  readonly reply: Reply;
  readonly entries: readonly AuditEntry[];
}

/**
 * A change to a tenant's data by a caller: one transaction that commits the rows, their audit entries and, where the
 * request carries an Idempotency-Key, the reply kept for it, all or nothing. Answers `work`'s reply, or the kept one.
 *
 * The permission must have been granted before (`caller.authorize`), so that a replay is authorized, too; a change of
 * rows without an audit entry does not commit.
 */
export async function change<Reply>(
  db: Database,
  caller: Caller,
  orgId: string,
  work: Work<Reply>,
): Promise<Reply> {
  if (!caller.isAuthorized) {
    throw new Error(`a change was tried before its permission ${caller.permission} was checked`);
  }
  return await committed(db, { orgId, userId: caller.userId }, async (tx) => {
    const kept = caller.idempotency && idempotencyStore(tx, caller.principal, caller.idempotency);
    const earlier = await kept?.take();
    if (earlier !== undefined) {
      caller.replayed = true;
      return { reply: earlier as Reply, entries: [] };
    }
    const done = await audited(tx, orgId, caller, work);
    kept?.keep(done.reply);
    return done;
  });
}

/**
 * As `change`, by somebody whom no permission was granted: a person who signs up or logs in, or the operator. Whoever calls
 * this has made sure that they may.
 */
export async function changeBy<Reply>(
  db: Database,
  actor: Actor,
  orgId: string,
  work: Work<Reply>,
): Promise<Reply> {
  const scope = { orgId, ...(actor.userId === null ? {} : { userId: actor.userId }) };
  return await committed(db, scope, (tx) => audited(tx, orgId, actor, work));
}

async function audited<Reply>(
  tx: Transaction,
  orgId: string,
  actor: Actor,
  work: Work<Reply>,
): Promise<Done<Reply>> {
  const entries: AuditEntry[] = [];
  const rowsBefore = tx.rowsWritten;
  const reply = await work(tx, (entry) => entries.push(entry));
  if (entries.length === 0) {
    await tx.settled();
    if (tx.rowsWritten > rowsBefore) {
      throw new Error(`a change to ${orgId} has no audit entry`);
    }
  }
  for (const entry of entries) {
    await requireRoomInHistory(tx, orgId, entry);
    tx.later(insertAuditEntry(orgId, actor, entry));
  }
  return { reply, entries };
}

/** Tells of the entries only once they are there. */
async function committed<Reply>(
  db: Database,
  scope: Scope,
  work: (tx: Transaction) => Promise<Done<Reply>>,
): Promise<Reply> {
  const { reply, entries } = await db.transaction(scope, work);
  for (const { action } of entries) {
    db.changeRecorded(action);
  }
  return reply;
}
