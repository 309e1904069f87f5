import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { type DatabaseHealth, healthDocument } from './health.ts';

export interface ServiceEndpointOptions {
  readonly version: string;
  readonly databaseHealth: DatabaseHealth;
  readonly registry: Registry;
}

const config = { permission: 'public' };

/** `/health`, `/health/detailed` and `/metrics`: for load balancers, operators and Prometheus, not for clients. */
export function serveServiceEndpoints(app: FastifyInstance, options: ServiceEndpointOptions): void {
  const health = async (_request: unknown, reply: FastifyReply) => {
    const document = healthDocument(options.version, await options.databaseHealth.isHealthy(), new Date());
    return reply.code(document.status === 'healthy' ? 200 : 503).send(document);
  };
  app.get('/health', { config }, health);
  app.get('/health/detailed', { config }, health);
  app.get('/metrics', { config }, async (_request, reply) => {
    reply.type(options.registry.contentType);
    return await options.registry.metrics();
  });
}
