import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index.ts';
import { Lifecycle, serveProbes, servicePaths, unknownDependency } from '../features/instance/index.ts';
import { ApiError } from '../platform/errors/api-error.ts';
import { createHttpServer } from '../platform/http/http-server.ts';
import { requirePermissions } from '../platform/http/register-routes.ts';
import type { Logger } from '../platform/observability/logger.ts';
import { version } from '../platform/system/version.ts';
import { httpOptions } from './http-options.ts';
import { listen, portsOf } from './listen.ts';

const probes: readonly string[] = servicePaths;

/**
 * Holds the service's ports while the service itself cannot start: whoever asks is told that it lives and is starting,
 * and everything else is 503 with Retry-After. Closed, it leaves the ports to the service. Throws StartError.
 */
export async function openStartupListener(config: Config, logger: Logger): Promise<AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  for (const [port, setting] of portsOf(config)) {
    const listener = await createListener(config, logger);
    resources.defer(() => listener.close());
    await listen(listener, config.http.host, port, setting);
  }
  return resources.move();
}

async function createListener(config: Config, logger: Logger): Promise<FastifyInstance> {
  const listener = await createHttpServer(httpOptions(config, logger));
  requirePermissions(listener);
  const unknown = { ...unknownDependency, checkedAt: new Date() };
  serveProbes(listener, {
    health: () => ({
      version,
      now: new Date(),
      database: unknown,
      redis: config.redis.url === undefined ? undefined : unknown,
    }),
    lifecycle: new Lifecycle(() => undefined),
  });
  listener.addHook('onRequest', async (request) => {
    if (!probes.includes(request.routeOptions.url ?? '')) {
      throw new ApiError('service.unavailable', { retryAfterSeconds: 5 });
    }
  });
  return listener;
}
