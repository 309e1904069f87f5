import { type Check, type Diagnosis, type Severity, unknown } from './check.ts';
import type { DoctorContext } from './doctor-context.ts';

/** How long a check may take. */
const timeoutMs = 10_000;

const ranks: readonly Severity[] = ['critical', 'warning', 'unknown', 'ok'];

/**
 * Lets every check look, side by side and each for a bounded time. Never rejects: a check that cannot look says why. The
 * worst comes first; among equals, in the order given: causes stand there before what follows from them.
 */
export async function examine(
  context: DoctorContext,
  checks: readonly Check[],
  boundMs = timeoutMs,
): Promise<readonly Diagnosis[]> {
  const found = await Promise.all(checks.map((check) => diagnose(context, check, boundMs)));
  return found.toSorted((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity));
}

async function diagnose(context: DoctorContext, check: Check, boundMs: number): Promise<Diagnosis> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it was not done within ${boundMs / 1000} s`)), boundMs);
  try {
    const verdict = await Promise.race([(async () => check.look(context))(), late]);
    return { check: check.id, runbook: check.runbook, ...verdict };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { check: check.id, runbook: check.runbook, ...unknown(why) };
  } finally {
    clearTimeout(timer);
  }
}
