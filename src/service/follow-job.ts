import type { Logger } from '../platform/observability/logger.ts';

/** Does the work of a job that comes again and again, and says at DEBUG how it went. Rejects as the work does. */
export async function followJob<Result>(
  logger: Logger,
  job: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  const tell = (outcome: string): void => {
    const durationMs = Math.round((performance.now() - began) * 1_000) / 1_000;
    logger.debug({ logger: 'brownie.jobs', job, duration_ms: durationMs }, outcome);
  };
  try {
    const result = await work();
    tell('job done');
    return result;
  } catch (error) {
    tell('job failed');
    throw error;
  }
}
