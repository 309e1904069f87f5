import { setTimeout as delay } from 'node:timers/promises';
import { sealAuditTrail } from '../platform/audit/seal-audit-trail.ts';
import type { Database } from '../platform/database/database.ts';
import type { Logger } from '../platform/observability/logger.ts';

const everyMs = 1_000;

export interface SealingOptions {
  /** Rejects while the database is away. @NOTE who looks by it opens no connection of their own then, beside those that look already. */
  readonly check: () => Promise<unknown>;
  readonly logger: Logger;
}

/** Seals what was added to audit trails, a second after the last time; one that fails is logged at DEBUG, and the next does its work. */
export function sealRegularly(db: Database, { check, logger }: SealingOptions): AsyncDisposable {
  const closing = new AbortController();
  const done = (async () => {
    while (await passed(everyMs, closing.signal)) {
      await check()
        .then(() => sealAuditTrail(db, { isPatient: false }))
        .catch((error: unknown) =>
          logger.debug({ logger: 'brownie.jobs', job: 'seal', error }, 'job failed'),
        );
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await done;
    },
  };
}

/** False as soon as it is cut short. */
const passed = (ms: number, signal: AbortSignal): Promise<boolean> =>
  delay(ms, true, { signal, ref: false }).catch(() => false);
