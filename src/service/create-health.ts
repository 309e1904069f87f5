import {
  type DependencyFault,
  HealthService,
  type HealthServiceOptions,
} from '../features/instance/index.ts';
import { NotWritableError } from '../platform/database/writable.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import { followJob } from './follow-job.ts';

export interface HealthOptions extends Omit<HealthServiceOptions, 'onChange'> {
  /** The database answers and takes writes: whoever waits for it may go on. */
  readonly onDatabaseHealthy: () => void;
  /** It answers, and takes none. */
  readonly onDatabaseReadOnly: (why: NotWritableError) => void;
  readonly metrics: Pick<Metrics, 'dependencyChanged'>;
  readonly logger: Logger;
}

const words: Readonly<Record<DependencyFault, string>> = {
  no_answer: 'does not answer',
  standby: 'is a standby: it takes no writes',
  read_only: 'is set to read only: it takes no writes',
};

/** Health, whose changes are counted and logged. */
export function createHealth({
  onDatabaseHealthy,
  onDatabaseReadOnly,
  metrics,
  logger,
  ...options
}: HealthOptions): HealthService {
  const { checks } = options;
  return new HealthService({
    ...options,
    checks: {
      ...checks,
      async database() {
        try {
          await followJob(logger, 'check of the database', () => checks.database());
        } catch (error) {
          if (error instanceof NotWritableError) {
            onDatabaseReadOnly(error);
          }
          throw error;
        }
        onDatabaseHealthy();
      },
    },
    onChange(dependency, { status, fault }) {
      const isHealthy = status === 'healthy';
      metrics.dependencyChanged(dependency, isHealthy);
      logger[isHealthy ? 'info' : 'error'](
        { logger: 'brownie.health', dependency, status, fault: fault ?? undefined },
        fault === null ? `${dependency} is healthy` : `connection failed: ${dependency} ${words[fault]}`,
      );
    },
  });
}
