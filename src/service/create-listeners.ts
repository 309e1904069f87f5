import type { FastifyInstance } from 'fastify';
import { type DrainOptions, drain, type Lifecycle, serveProbes } from '../features/instance/index.ts';
import { GracefulStop } from '../platform/http/graceful-stop.ts';
import { createHttpServer, type HttpServerOptions } from '../platform/http/http-server.ts';
import { requirePermissions } from '../platform/http/register-routes.ts';
import type { RequestContext } from '../platform/http/request-context.ts';
import { RequestTelemetry } from '../platform/http/request-telemetry.ts';
import type { Metrics } from '../platform/observability/metrics.ts';
import type { Tracing } from '../platform/tracing/tracing.ts';

export interface ListenersOptions {
  readonly http: HttpServerOptions;
  /** Whether operators have a listener of their own. */
  readonly hasOperations: boolean;
  readonly context: RequestContext;
  readonly tracing: Tracing;
  readonly metrics: Pick<Metrics, 'requestServed'>;
  readonly lifecycle: Lifecycle;
  readonly health: Parameters<typeof serveProbes>[1]['health'];
}

export interface Listeners extends AsyncDisposable {
  readonly http: FastifyInstance;
  /** The operators' listener, where they have one of their own. */
  readonly operations: FastifyInstance | undefined;
  /** Requests that have begun and whose reply is not out. */
  inFlight(): number;
  /** Stops to serve without losing a request; answers how many took too long and were cut off. */
  stop(options: DrainOptions): Promise<number>;
}

/** The listeners, with what each of them has: probes, telemetry, traces, and no route without a permission. None listens yet. */
export async function createListeners(options: ListenersOptions): Promise<Listeners> {
  const stops: GracefulStop[] = [];
  const create = async (): Promise<FastifyInstance> => {
    const { http, context, tracing, metrics, lifecycle, health } = options;
    const telemetry = new RequestTelemetry(http.logger, metrics);
    const listener = await createHttpServer({
      ...http,
      onUnreadable: (answer) => telemetry.unreadable(answer),
    });
    stops.push(new GracefulStop(listener, () => lifecycle.phase === 'draining'));
    context.follow(listener);
    requirePermissions(listener);
    tracing.observeRequests(listener);
    telemetry.observe(listener);
    serveProbes(listener, { health, lifecycle });
    return listener;
  };
  const http = await create();
  const operations = options.hasOperations ? await create() : undefined;
  return {
    http,
    operations,
    inFlight: () => stops.reduce((sum, { inFlight }) => sum + inFlight, 0),
    stop: (drainOptions) => drain(options.lifecycle, stops, drainOptions),
    async [Symbol.asyncDispose]() {
      await Promise.all([http.close(), operations?.close()]);
    },
  };
}
