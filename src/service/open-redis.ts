import type { Config } from '../config/index.ts';
import type { Logger } from '../platform/observability/logger.ts';
import { connectRedis, type RedisConnection } from '../platform/redis/redis.ts';

/** The Redis of the configuration; undefined where none is configured. Closed with `resources`. */
export function openRedis(
  { url }: Config['redis'],
  logger: Logger,
  resources: AsyncDisposableStack,
): RedisConnection | undefined {
  if (url === undefined) {
    return undefined;
  }
  let lastMessage = '';
  return resources.use(
    connectRedis({
      url,
      // @NOTE a Redis that is away says so at each attempt to come back; once is enough.
      onError: (error) => {
        if (error.message !== lastMessage) {
          lastMessage = error.message;
          logger.warn({ logger: 'brownie.redis', error }, 'connection to Redis failed; it is tried again');
        }
      },
    }),
  );
}
