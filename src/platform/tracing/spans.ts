import type { Tracer } from '@opentelemetry/api';
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

export interface ClientSpanOptions {
  readonly tracer: Tracer;
  /** Where the span hangs; without a recording span in it none is made. */
  readonly parent: Context;
  readonly name: string;
  readonly attributes: Attributes;
}

/** The span of a context, where it is recorded. */
export function recordingSpan(context: Context): Span | undefined {
  const span = trace.getSpan(context);
  return span?.isRecording() ? span : undefined;
}

/** Waits for `send` in a span of its own. Throws what `send` throws. */
export async function inClientSpan<Result>(
  { tracer, parent, name, attributes }: ClientSpanOptions,
  send: () => Promise<Result>,
): Promise<Result> {
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
  try {
    return await send();
  } catch (error) {
    markFailed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** @NOTE never the message of an error: PostgreSQL quotes values in it. Its code says enough. */
function markFailed(span: Span, error: unknown): void {
  const { code, name } = error instanceof Error ? (error as Error & { code?: unknown }) : {};
  if (typeof code === 'string') {
    span.setAttribute('db.response.status_code', code);
  }
  span.setAttribute('error.type', typeof code === 'string' ? code : (name ?? '_OTHER'));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
