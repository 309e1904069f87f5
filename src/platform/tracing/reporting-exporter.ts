import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../observability/logger.ts';

type Done = Parameters<SpanExporter['export']>[1];

/** Passes spans on, and logs when a collector goes and when it is back: not once a batch. */
export class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #endpoint: string;
  readonly #logger: Logger;
  #spansLost = 0;

  constructor(exporter: SpanExporter, { endpoint, logger }: { endpoint: string; logger: Logger }) {
    this.#exporter = exporter;
    this.#endpoint = endpoint;
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], done: Done): void {
    this.#exporter.export(spans, (result) => {
      if (result.code === ExportResultCode.SUCCESS) {
        this.#sent();
      } else {
        this.#lost(spans.length, result.error);
      }
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  #sent(): void {
    if (this.#spansLost > 0) {
      this.#logger.info({ logger: 'brownie.traces', spans_lost: this.#spansLost }, 'traces are sent again');
      this.#spansLost = 0;
    }
  }

  #lost(spans: number, error: Error | undefined): void {
    if (this.#spansLost === 0) {
      this.#logger.warn(
        { logger: 'brownie.traces', endpoint: this.#endpoint, error },
        'traces cannot be sent to the collector; requests are served without',
      );
    }
    this.#spansLost += spans;
  }
}
