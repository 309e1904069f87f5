import {
  type Context,
  type ContextManager,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TraceFields } from './tracing.ts';

export interface RequestSpansOptions {
  readonly tracer: Tracer;
  readonly contexts: ContextManager;
  readonly propagator: TextMapPropagator;
}

/** What monitors ask for, every few seconds and for ever. */
const unobserved = /^\/(health|metrics)(\/|$)/;
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export const fieldsOf = (span: Span): TraceFields => {
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
};

/**
 * Makes a SERVER span of each request, in the trace of the caller where its `traceparent` names one (W3C Trace
 * Context). Attributes are those of OpenTelemetry's conventions for HTTP that are bounded: the template of the route,
 * never path, query or headers.
 */
export function observeRequests(listener: FastifyInstance, options: RequestSpansOptions): void {
  const { tracer, contexts, propagator } = options;

  listener.addHook('onRequest', (request, reply, done) => {
    const template = request.routeOptions.url;
    if (template !== undefined && unobserved.test(template)) {
      done();
      return;
    }
    const parent = propagator.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
    const span = startSpan(tracer, request, template, parent);
    reply.log = request.log = request.log.child(fieldsOf(span));
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) {
      request.sampledTraceId = span.spanContext().traceId;
    }
    reply.raw.once('close', () => end(span, reply));
    contexts.with(trace.setSpan(parent, span), done);
  });
}

function startSpan(
  tracer: Tracer,
  { id, method, protocol }: FastifyRequest,
  template: string | undefined,
  parent: Context,
): Span {
  const isKnown = methods.has(method);
  const verb = isKnown ? method : 'HTTP';
  return tracer.startSpan(
    template === undefined ? verb : `${verb} ${template}`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': isKnown ? method : '_OTHER',
        'url.scheme': protocol,
        'brownie.request_id': id,
        ...(template === undefined ? {} : { 'http.route': template }),
      },
    },
    parent,
  );
}

function end(span: Span, { raw, statusCode }: FastifyReply): void {
  if (raw.headersSent) {
    span.setAttribute('http.response.status_code', statusCode);
  }
  if (!raw.writableFinished) {
    span.setAttribute('error.type', 'client_disconnected');
  } else if (statusCode >= 500) {
    span.setAttribute('error.type', String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
