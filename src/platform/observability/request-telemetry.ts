import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The template of the route, never the path: labels stay few, whatever clients send. */
const endpointOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unmatched';

/** Counts each request and writes one access line for it, with the fields of the operations guide. */
export function observeRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const method = methods.has(request.method) ? request.method : 'OTHER';
    const endpoint = endpointOf(request);
    metrics.requestServed({
      method: request.method,
      endpoint: request.routeOptions.url,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    const userId = request.principal?.userId;
    request.log.info(
      {
        logger: 'brownie.access',
        endpoint,
        method,
        status_code: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
        ...(userId === undefined ? {} : { user_id: userId }),
      },
      'request served',
    );
  });
}
