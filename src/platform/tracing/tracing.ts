import type { FastifyInstance } from 'fastify';

/** What a log line says of the span it belongs to, so that logs and traces find each other: hexadecimal. */
export interface TraceFields {
  readonly trace_id: string;
  readonly span_id: string;
}

/** Sends a statement and waits for its reply. */
type Send<Result> = () => Promise<Result>;

/**
 * Follows requests through the service. A request is a trace; what it asks of the database are spans in it. Work outside of a
 * request makes none.
 */
export interface Tracing extends AsyncDisposable {
  /** Makes a span of each request to this listener. Before its routes are registered. */
  observeRequests(listener: FastifyInstance): void;
  /** One round trip to PostgreSQL. The text is ours and holds no values. */
  statement<Result>(text: string, send: Send<Result>): Promise<Result>;
  /** The request at hand was lent a connection after a wait of so many seconds. */
  connectionAcquired(seconds: number): void;
  /** The span of the request at hand. */
  fields(): TraceFields | undefined;
}

/** No traces, at no cost. */
export const noTracing: Tracing = {
  observeRequests: () => undefined,
  statement: (_text, send) => send(),
  connectionAcquired: () => undefined,
  fields: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};
