import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toldAddress } from '../../platform/http/client-address.ts';
import type { Metrics } from '../../platform/observability/metrics.ts';
import { type DetailInputs, detailedDocument } from './health-details.ts';
import {
  type HealthInputs,
  healthDocument,
  httpStatusOf,
  ietfDocument,
  statusOf,
} from './health-documents.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { OperatorAccess } from './operator-access.ts';

export interface ServiceEndpointOptions {
  readonly health: () => DetailInputs;
  readonly lifecycle: Lifecycle;
  readonly access: OperatorAccess;
  readonly metrics: Pick<Metrics, 'expose'>;
}

/** What `serveProbes` and `serveOperations` serve. */
export const servicePaths = [
  '/health',
  '/health/detailed',
  '/health/live',
  '/health/ready',
  '/health/startup',
  '/metrics',
] as const;

const config = { permission: 'public' };

/** `/health` and its probes: for load balancers and orchestrators, on every listener. */
export function serveProbes(
  app: FastifyInstance,
  { health, lifecycle }: { readonly health: () => HealthInputs; readonly lifecycle: Lifecycle },
): void {
  app.get('/health', { config }, async (request, reply) =>
    answerHealth(request, reply, health(), healthDocument),
  );

  // @NOTE alive is whoever answers, and ready whoever takes requests: neither asks a dependency that all instances
  // share, since one blink of it would take all of them out at once.
  const probe = (isUp: () => boolean) => async (_request: unknown, reply: FastifyReply) =>
    reply.code(isUp() ? 200 : 503).send({ status: isUp() ? 'healthy' : 'unhealthy', phase: lifecycle.phase });
  app.get(
    '/health/live',
    { config },
    probe(() => true),
  );
  app.get(
    '/health/ready',
    { config },
    probe(() => lifecycle.phase === 'serving'),
  );
  app.get(
    '/health/startup',
    { config },
    probe(() => lifecycle.isStarted),
  );
}

/** `/health/detailed` and `/metrics`: for operators and Prometheus; on the operators' port where there is one. */
export function serveOperations(
  app: FastifyInstance,
  { health, access, metrics }: ServiceEndpointOptions,
): void {
  app.get('/health/detailed', { config }, async (request, reply) => {
    const isOperator = access.isOperator(toldAddress(request), request.headers.authorization);
    return answerHealth(request, reply, health(), isOperator ? detailedDocument : healthDocument);
  });
  app.get('/metrics', { config }, async (request, reply) => {
    access.requireMetrics(toldAddress(request), request.headers.authorization);
    const { type, text } = await metrics.expose(request.headers.accept);
    reply.type(type).header('vary', 'Accept');
    return text;
  });
}

function answerHealth<Inputs extends HealthInputs>(
  request: FastifyRequest,
  reply: FastifyReply,
  inputs: Inputs,
  document: (inputs: Inputs) => object,
): FastifyReply {
  reply.code(httpStatusOf(statusOf(inputs)));
  return request.headers.accept?.includes('application/health+json')
    ? reply.type('application/health+json').serializer(JSON.stringify).send(ietfDocument(inputs))
    : reply.send(document(inputs));
}
