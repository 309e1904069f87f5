import { sweepAccessLog } from '../platform/auth/accounts/index.ts';
import { sweepExpired } from '../platform/changes/sweep-expired.ts';
import type { Database } from '../platform/database/database.ts';
import type { Logger } from '../platform/observability/logger.ts';
import { followJob } from './follow-job.ts';

const everyMs = 600_000;

/** Removes what has expired, every ten minutes; a sweep that fails is logged at DEBUG, and the next one does its work. */
export function sweepRegularly(db: Database, logger: Logger): AsyncDisposable {
  let underWay: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    underWay = followJob(logger, 'sweep', () => Promise.all([sweepExpired(db), sweepAccessLog(db)])).catch(
      () => undefined,
    );
  }, everyMs);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await underWay;
    },
  };
}
