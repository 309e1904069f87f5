import type { DatabaseObserver } from '../platform/database/database.ts';
import type { QueryObserver } from '../platform/database/queryable.ts';
import type { RequestContext } from '../platform/http/request-context.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import { createStatementDescriber } from '../platform/tracing/describe-statement.ts';
import type { Tracing } from '../platform/tracing/tracing.ts';

export interface WatchDatabaseOptions {
  readonly metrics: Pick<Metrics, 'connectionAcquired' | 'connectionRefused' | 'changeRecorded'>;
  readonly tracing: Tracing;
  readonly context: RequestContext;
  readonly logger: Logger;
}

/** Shorter waits are what it takes to hand a free connection over. */
const waitWorthTellingMs = 1;
const toMs = (seconds: number): number => Math.round(seconds * 1_000_000) / 1_000;

/**
 * Looks on as the database is used: counted and traced always, told at DEBUG: each statement by name and time, waits for a
 * connection, what is tried again. At other levels a statement costs one comparison more.
 */
export function watchDatabase({ metrics, tracing, context, logger }: WatchDatabaseOptions): {
  readonly roundTrip: NonNullable<QueryObserver['roundTrip']>;
  readonly observer: DatabaseObserver;
} {
  const describe = createStatementDescriber();
  const isTold = (): boolean => logger.isLevelEnabled('debug');
  const tell = (name: 'sql' | 'pool', fields: object, message: string): void =>
    logger.debug(
      { logger: `brownie.${name}`, request_id: context.requestId, ...tracing.fields(), ...fields },
      message,
    );

  async function told<Result>(text: string, send: () => Promise<Result>): Promise<Result> {
    const { summary: statement } = describe(text);
    const began = performance.now();
    const durationMs = (): number => toMs((performance.now() - began) / 1_000);
    try {
      const result = await tracing.statement(text, send);
      const rows = (result as { rowCount?: number | null } | undefined)?.rowCount ?? undefined;
      tell('sql', { statement, duration_ms: durationMs(), rows }, 'statement done');
      return result;
    } catch (error) {
      const { code: sqlstate } = error as { code?: unknown };
      tell('sql', { statement, duration_ms: durationMs(), sqlstate }, 'statement failed');
      throw error;
    }
  }

  return {
    roundTrip: (text, send) => (isTold() ? told(text, send) : tracing.statement(text, send)),
    observer: {
      changeRecorded: metrics.changeRecorded,
      connectionAcquired(seconds) {
        metrics.connectionAcquired(seconds);
        tracing.connectionAcquired(seconds);
        const waitMs = toMs(seconds);
        if (waitMs > waitWorthTellingMs && isTold()) {
          tell('pool', { wait_ms: waitMs }, 'waited for a connection');
        }
      },
      connectionRefused() {
        metrics.connectionRefused();
        tell('pool', {}, 'waited for a connection in vain');
      },
      retried: (why) => tell('sql', { why }, 'tried again'),
    },
  };
}
