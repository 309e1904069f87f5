import type { AuditAction } from '../../platform/audit/audit-actions.ts';
import type { Caller } from '../../platform/auth/caller.ts';
import { changeBy } from '../../platform/changes/change.ts';
import { momentOf } from '../../platform/changes/moment.ts';
import { isForWantOfWrites } from '../../platform/changes/record-access.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/queryable.ts';
import { ApiError } from '../../platform/errors/api-error.ts';
import { sessionEndStore } from './session-end-store.ts';

/** Ends sessions of the caller, each with its entry in the audit trail of the organization that it was for. */
export class SessionEnd {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Ends the session that the caller's token belongs to; all of theirs, where it is of a release before sessions. */
  async logout(caller: Caller): Promise<void> {
    const { orgId, sessionId } = caller.principal;
    await (sessionId === undefined
      ? this.endAll(caller)
      : this.#end(caller, orgId, sessionId, 'session.ended'));
  }

  /** Throws 404 `session.not_found` where it is not one of the caller's, or over. */
  async end(caller: Caller, id: string): Promise<void> {
    const { userId } = caller;
    const orgId = await sessionEndStore(this.#db.within({ userId }), userId).placeOf(id);
    if (orgId === undefined || !(await this.#end(caller, orgId, id, 'session.revoked'))) {
      throw new ApiError('session.not_found');
    }
  }

  /** Ends all that the caller has, and what tokens of releases before sessions there are. */
  async endAll(caller: Caller): Promise<void> {
    const { userId, orgId } = caller;
    const resource = { resourceType: 'user', resourceId: userId };
    await this.#recorded(caller, orgId, 'user.sessions_ended', resource, (db) =>
      sessionEndStore(db, userId).endAll(),
    );
  }

  #end(caller: Caller, orgId: string, id: string, action: AuditAction): Promise<boolean> {
    const resource = { resourceType: 'session', resourceId: id.toLowerCase() };
    return this.#recorded(caller, orgId, action, resource, (db) =>
      sessionEndStore(db, caller.userId).end(id),
    );
  }

  /** @NOTE during maintenance people log out, and nothing is added to the trail: then without an entry, as logins are. */
  async #recorded(
    caller: Caller,
    orgId: string,
    action: AuditAction,
    resource: { readonly resourceType: string; readonly resourceId: string },
    work: (db: Queryable) => Promise<boolean>,
  ): Promise<boolean> {
    try {
      return await changeBy(this.#db, caller, orgId, async (tx, record) => {
        const isDone = await work(tx);
        if (isDone) {
          record({ ...resource, at: await momentOf(tx, orgId, resource), action });
        }
        return isDone;
      });
    } catch (error) {
      if (!isForWantOfWrites(error)) {
        throw error;
      }
      return await work(this.#db.within({ userId: caller.userId }));
    }
  }
}
