import { type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createStatementDescriber } from './describe-statement.ts';
import { ReportingExporter } from './reporting-exporter.ts';
import { fieldsOf, observeRequests } from './request-spans.ts';
import { samplerOf } from './sampler.ts';
import { inClientSpan, recordingSpan } from './spans.ts';
import type { Tracing } from './tracing.ts';
import type { TracingOptions } from './tracing-options.ts';

/** Of one batch, and so of the last one when the service stops. */
const exportTimeoutMs = 2_000;
const batchIntervalMs = 1_000;
/** Spans that wait while a collector is slow; more are dropped. */
const queueSizeMax = 2_048;
/** A wait for a connection that is worth telling. */
const noticeableWaitSeconds = 0.001;

/** Traces to a collector over OTLP/HTTP. A collector that is slow or gone costs spans, never requests. */
export function createTracing(options: TracingOptions & { readonly endpoint: string }): Tracing {
  const provider = createProvider(options);
  const tracer: Tracer = provider.getTracer('brownie', options.serviceVersion);
  // @NOTE ours alone, not registered with OpenTelemetry's global API: two services in one process do not mix.
  const contexts = new AsyncLocalStorageContextManager().enable();
  const describe = createStatementDescriber();

  return {
    observeRequests: (listener) =>
      observeRequests(listener, { tracer, contexts, propagator: new W3CTraceContextPropagator() }),
    statement: (text, send) => {
      const parent = contexts.active();
      if (recordingSpan(parent) === undefined) {
        return send();
      }
      const { operation, summary } = describe(text);
      const attributes = {
        'db.system.name': 'postgresql',
        'db.operation.name': operation,
        'db.query.summary': summary,
        'db.query.text': text,
      };
      return inClientSpan({ tracer, parent, name: summary, attributes }, send);
    },
    connectionAcquired: (seconds) => {
      if (seconds >= noticeableWaitSeconds) {
        recordingSpan(contexts.active())?.addEvent('waited for a database connection', {
          'db.client.connection.wait_time': seconds,
        });
      }
    },
    fields: () => {
      const span = trace.getSpan(contexts.active());
      return span === undefined ? undefined : fieldsOf(span);
    },
    async [Symbol.asyncDispose]() {
      // @NOTE a flush that fails has been logged by the exporter.
      await provider.shutdown().catch(() => undefined);
      contexts.disable();
    },
  };
}

function createProvider(options: TracingOptions & { readonly endpoint: string }): TracerProvider {
  const { endpoint, headers, serviceName, serviceVersion, resourceAttributes, logger } = options;
  const exporter = new OTLPTraceExporter({
    url: endpoint,
    headers: { ...headers },
    timeoutMillis: exportTimeoutMs,
  });
  const resource = resourceFromAttributes({
    'service.name': 'brownie-metadata-api',
    'service.version': serviceVersion,
    ...resourceAttributes,
    ...(serviceName === undefined ? {} : { 'service.name': serviceName }),
  });
  return new TracerProvider({
    resource: defaultResource().merge(resource),
    sampler: samplerOf(options.sampler, options.share),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new ReportingExporter(exporter, { endpoint, logger }),
        scheduledDelayMillis: batchIntervalMs,
        exportTimeoutMillis: exportTimeoutMs,
        maxQueueSize: queueSizeMax,
      }),
    ],
  });
}
