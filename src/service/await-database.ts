import { setTimeout as delay } from 'node:timers/promises';
import { isPassing } from '../platform/database/database-errors.ts';
import { NotWritableError } from '../platform/database/writable.ts';
import { StartError } from '../platform/errors/operation-error.ts';

export interface AwaitOptions<Result> {
  /** Rejects where the database cannot be used. */
  readonly attempt: () => Promise<Result>;
  /** 0: without end. */
  readonly timeoutSeconds: number;
  /** Ends the wait when the process is told to stop. */
  readonly stopping: AbortSignal;
  /** Told why it waits, and for how long until the next attempt. */
  readonly onWait: (wait: Wait) => Promise<void>;
}

interface Complaint {
  /** What was answered: `ECONNREFUSED`. */
  readonly reason: string;
  /** The rest of a sentence on the database: `cannot be reached (ECONNREFUSED)`. */
  readonly complaint: string;
  readonly remedy: string;
}

export interface Wait extends Complaint {
  readonly seconds: number;
}

const firstPauseMs = 500;
const longestPauseMs = 5_000;

/**
 * Attempts until the database answers and takes writes: at once, then after half a second, and after twice as long each time, up to 5 s;
 * varied, so that instances that were started together do not knock together. What will not pass by itself (a wrong
 * password, no such database) is not waited for. Throws it, or StartError when the time is up.
 */
export async function awaitDatabase<Result>(options: AwaitOptions<Result>): Promise<Result> {
  const { attempt, timeoutSeconds, stopping, onWait } = options;
  const deadline =
    timeoutSeconds === 0 ? Number.POSITIVE_INFINITY : performance.now() + timeoutSeconds * 1_000;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
      const complaint = complaintOf(error);
      if (performance.now() >= deadline) {
        throw new StartError(
          `The database ${complaint.complaint}, for ${timeoutSeconds} s now: ${complaint.remedy}, or wait longer with METADATA_START_TIMEOUT_SECONDS`,
          { cause: error },
        );
      }
      const waitMs = Math.min(
        pauseMs * (0.75 + Math.random() / 2),
        Math.max(0, deadline - performance.now()),
      );
      await onWait({ ...complaint, seconds: waitMs / 1_000 });
      await delay(waitMs, undefined, { signal: stopping });
    }
  }
}

function complaintOf(error: unknown): Complaint {
  if (error instanceof NotWritableError) {
    return {
      reason: error.message,
      complaint: error.message.replace('The database ', ''),
      remedy: 'point METADATA_POSTGRES_DSN to the primary, or promote this one',
    };
  }
  const reason = reasonOf(error);
  return {
    reason,
    complaint: `cannot be reached (${reason})`,
    remedy: 'check METADATA_POSTGRES_DSN and that it is running',
  };
}

/** @NOTE an address with several attempts (IPv6, then IPv4) fails with a code and no message. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return message === '' || /^E[A-Z]+$/.test(code ?? '') ? String(code) : message;
}
