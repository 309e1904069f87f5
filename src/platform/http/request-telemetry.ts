import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccessLine, writeAccessLine } from '../observability/access-line.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { AddressSet } from './address-set.ts';
import type { UnreadableAnswer } from './answer-unreadable.ts';
import { clientAddressOf, isFromTrustedProxy } from './client-address.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the trace that it is in, where one is kept of it. */
    sampledTraceId: string | null;
  }
}

/** What nginx calls a request whose client went away before the reply was out. */
const clientClosedRequest = 499;

/** Where a request came from. */
interface Origin {
  readonly clientAddress: string;
  readonly isFromTrustedProxy: boolean | undefined;
}

/** What Fastify makes of a request. */
interface Handled {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** @NOTE a property, not a WeakMap: what one holds by a key is freed by none but the great collections of V8, long after the request. */
const handledAs = Symbol('handled');
type Observed = ServerResponse & { [handledAs]?: Handled };

const originOf = (request: IncomingMessage, trusted: AddressSet): Origin => ({
  clientAddress: clientAddressOf(request, trusted),
  isFromTrustedProxy: isFromTrustedProxy(request, trusted),
});

/**
 * Counts each request and writes one access line for it, with the fields of the operations guide: also for one that
 * its client gave up (status 499), one that came while the service was closing, and one that was no HTTP.
 */
export class RequestTelemetry {
  readonly #logger: Logger;
  readonly #metrics: Pick<Metrics, 'requestServed'>;

  constructor(logger: Logger, metrics: Pick<Metrics, 'requestServed'>) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  /** Watches a listener. Before its routes are registered. */
  observe(listener: FastifyInstance): void {
    listener.addHook('onRequest', (request, reply, done) => {
      (reply.raw as Observed)[handledAs] = { request, reply };
      done();
    });
    // @NOTE before all others, and not in the hook: Fastify refuses some requests before any hook, such as a broken escape in the URL.
    listener.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      // @NOTE what comes after a connection was cut for too many requests is begun by nobody.
      if (request.socket.destroyed) {
        return;
      }
      const startedAt = performance.now();
      // @NOTE now: a connection that is gone has no address.
      const origin = originOf(request, listener.trustedProxies);
      response.once('close', () => {
        const handled = (response as Observed)[handledAs];
        if (handled === undefined) {
          this.#refused(request, response, { startedAt, origin });
        } else {
          this.#served(handled, origin);
        }
      });
    });
  }

  /** Tells of a request that no hook will ever see. */
  unreadable({ status, requestId, clientAddress: address }: UnreadableAnswer): void {
    const line = { method: 'OTHER', status, durationMs: 0, clientAddress: address };
    this.#tell(this.#logger.child({ request_id: requestId }), line);
  }

  #served({ request, reply }: Handled, origin: Origin): void {
    const line = {
      method: request.method,
      template: request.routeOptions.url,
      status: reply.raw.writableFinished ? reply.statusCode : clientClosedRequest,
      errorCode: request.errorCode ?? undefined,
      traceId: request.sampledTraceId ?? undefined,
      durationMs: reply.elapsedTime,
      ...origin,
    };
    const tell = (userId?: string): void => this.#tell(request.log as Logger, { ...line, userId });
    const { pending } = request;
    if (pending === null) {
      tell();
      return;
    }
    // @NOTE a client can be gone before it is known who it was: its line waits for that. Else nobody asks any more.
    if (line.status !== clientClosedRequest) {
      pending.close();
    }
    pending.whenSettled((principal) => tell(principal?.userId));
  }

  #refused(
    request: IncomingMessage,
    response: ServerResponse,
    { startedAt, origin }: { readonly startedAt: number; readonly origin: Origin },
  ): void {
    // @NOTE RequestIds has put it there.
    this.#tell(this.#logger.child({ request_id: request.headers['x-request-id'] }), {
      method: request.method ?? 'OTHER',
      status: response.writableFinished ? response.statusCode : clientClosedRequest,
      durationMs: performance.now() - startedAt,
      ...origin,
    });
  }

  #tell(
    log: Logger,
    line: AccessLine &
      Partial<Pick<Origin, 'isFromTrustedProxy'>> & { readonly traceId?: string | undefined },
  ): void {
    const { method, template, status, errorCode, durationMs } = line;
    this.#metrics.requestServed({
      method,
      endpoint: template,
      status,
      errorCode,
      seconds: durationMs / 1000,
      isFromTrustedProxy: line.isFromTrustedProxy,
      traceId: line.traceId,
    });
    writeAccessLine(log, line);
  }
}
