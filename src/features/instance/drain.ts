import { setTimeout as delay } from 'node:timers/promises';
import type { GracefulStop } from '../../platform/http/graceful-stop.ts';
import type { Lifecycle } from './lifecycle.ts';

export interface DrainOptions {
  /** How long to go on taking new requests while readiness says 503, so that every load balancer has time to see it. */
  readonly drainSeconds: number;
  /** How long requests under way may take after that. */
  readonly stopTimeoutSeconds: number;
}

/** The last part of the drain, in which connections are kept again: see GracefulStop. */
const keepMsMax = 500;

/**
 * Stops serving without losing a request: readiness 503 first, then no new connections, then the rest of the requests.
 * Answers how many were cut off because they took too long.
 */
export async function drain(
  lifecycle: Lifecycle,
  listeners: readonly GracefulStop[],
  { drainSeconds, stopTimeoutSeconds }: DrainOptions,
): Promise<number> {
  lifecycle.stop();
  const drainMs = drainSeconds * 1_000;
  const keepMs = Math.min(drainMs / 2, keepMsMax);
  await delay(drainMs - keepMs);
  const timeouts = { keepMs, idleGraceMs: drainMs, timeoutMs: stopTimeoutSeconds * 1_000 };
  const cut = await Promise.all(listeners.map((listener) => listener.stop(timeouts)));
  return cut.reduce((total, each) => total + each, 0);
}
