import { recordAccess } from '../platform/changes/record-access.ts';
import type { Database } from '../platform/database/database.ts';
import type { Refusal } from '../platform/http/refusal.ts';
import type { Logger } from '../platform/observability/logger.ts';

/** How many are written at once: whoever is refused all the time takes no connections from others. */
const atOnceMax = 5;

/**
 * Leaves an entry of what was refused (403) in the trail of the caller's organization, after the reply: 10 a minute and caller, 300 an hour and
 * organization at most. What comes beyond is in the log and the metrics.
 */
export class RefusalRecorder implements AsyncDisposable {
  readonly #db: Database;
  readonly #logger: Logger;
  readonly #underWay = new Set<Promise<void>>();

  constructor(db: Database, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  note(refusal: Refusal): void {
    if (this.#underWay.size >= atOnceMax) {
      return;
    }
    const running = this.#record(refusal)
      .catch((error: unknown) =>
        this.#logger.debug({ logger: 'brownie.jobs', job: 'refusal', error }, 'job failed'),
      )
      .finally(() => this.#underWay.delete(running));
    this.#underWay.add(running);
  }

  async #record({ pending, requestId, address, operation, code, ids }: Refusal): Promise<void> {
    const { userId, apiKeyId, refusedIn: orgId = pending.orgId } = pending;
    await recordAccess(
      this.#db,
      orgId,
      {
        actor: { userId, apiKeyId, requestId, address },
        action: 'access.refused',
        resourceType: 'user',
        resourceId: userId,
        after: { operation, code, ids },
      },
      [
        { kind: 'audit-refused', subject: `${userId} ${apiKeyId ?? ''}`, most: 10, perSeconds: 60 },
        { kind: 'audit-refusals', subject: orgId, most: 300, perSeconds: 3_600 },
      ],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
